using System.CommandLine;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>watch</c>: shows each change as it comes, this device's and others', until Ctrl-C; goes on when the daemon comes back.</summary>
internal static class WatchCommand
{
    private const string Now = "now";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var after = Globals.Text("--after", "POSITION", "Begin behind this one, as --json shows them; 0 for all changes; the new ones alone if not given");
        var limit = Globals.Count("--limit", "End after so many changes");
        var command = new Command("watch", "Show each change as it comes, through a running daemon, until Ctrl-C") { after, limit };
        command.SetAction(async (parse, cancellationToken) =>
        {
            try
            {
                await WatchAsync(globals, parse, parse.GetValue(after) ?? Now, parse.GetValue(limit) ?? int.MaxValue, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Being told to stop is how this ends well.
            }

            await globals.Terminal.FlushAsync();
        });
        return command;
    }

    private static async Task WatchAsync(Globals globals, ParseResult parse, string start, int limit, CancellationToken cancellationToken)
    {
        var (position, left, space) = (start, limit, globals.SpaceOf(parse));
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var home = await globals.OpenDaemonAsync(parse, cancellationToken);
                await foreach (var line in home.Client.LinesAsync(Paths.Of(space, "changes", ("after", position)), cancellationToken))
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal))
                    {
                        position = line[4..];
                    }
                    else if (line.StartsWith("data: ", StringComparison.Ordinal) && !await IsShownAsync(globals, parse, line[6..]) && --left == 0)
                    {
                        return;
                    }
                }
            }
            catch (Exception fault) when (!isFirst && MayComeBack(fault))
            {
                // It was there before: it is waited for.
            }
            catch (IOException)
            {
                // The answer broke off: the daemon was killed.
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }

    private static bool MayComeBack(Exception fault) =>
        fault is IOException or ReplicaException { Code: "REPLICA_NO_DAEMON" or "REPLICA_DAEMON_GONE" or "REPLICA_CLOSED" };

    /// <returns>Whether it was no change, but where the feed begins.</returns>
    private static async Task<bool> IsShownAsync(Globals globals, ParseResult parse, string json)
    {
        using (var document = JsonDocument.Parse(json))
        {
            if (!document.RootElement.TryGetProperty("dot", out _))
            {
                return true;
            }
        }

        if (globals.IsJson(parse))
        {
            globals.Terminal.JsonLine(json);
        }
        else
        {
            foreach (var text in ChangeText.Of(json))
            {
                globals.Terminal.Line(text);
            }
        }

        // Each at once: whoever reads a pipe waits for it.
        await globals.Terminal.FlushAsync();
        return false;
    }
}
