using System.CommandLine;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary>Shows on a terminal how a running daemon receives a space that was just joined.</summary>
internal static class FirstSync
{
    /// <summary>How long nothing may happen before it is left to the daemon alone.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Shows it until all is here, nothing happens any more, or Ctrl-C; the daemon goes on in any case.</summary>
    /// <returns>How many changes came; null if not all did, or there is no terminal or no daemon.</returns>
    public static async Task<long?> ShowAsync(Globals globals, ParseResult parse, CancellationToken cancellationToken)
    {
        if (!globals.Terminal.CanDraw)
        {
            return null;
        }

        await using var home = await HomeConnection.TryOpenDaemonAsync(globals.Directory(parse, mayBeNew: false), cancellationToken);
        if (home is null)
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            return await FollowAsync(home, globals, globals.SpaceOf(parse), patience);
        }
        catch (Exception fault) when (fault is IOException or ReplicaException || patience.IsCancellationRequested)
        {
            // The ticket is kept: that the daemon ended, or nobody looks any more, takes nothing from it.
            return null;
        }
    }

    private static async Task<long?> FollowAsync(HomeConnection home, Globals globals, string space, CancellationTokenSource patience)
    {
        var (perSecond, received) = (0.0, (long?)null);
        await WorkProgress.RunAsync(globals.Terminal, _ => ProgressText.Rate(perSecond), async report =>
        {
            report("waiting for a member", 0, 1);
            await foreach (var line in home.Client.LinesAsync(Paths.Of(space, "sync", ("watch", "true")), patience.Token))
            {
                patience.CancelAfter(s_patience);
                using var document = JsonDocument.Parse(line);
                var (done, total) = (Answer.Number(document.RootElement, "received"), Answer.Number(document.RootElement, "announced"));
                perSecond = document.RootElement.GetProperty("perSecond").GetDouble();
                report("receiving", done, total);
                if (done >= total)
                {
                    received = done;
                    return;
                }
            }
        });
        return received;
    }
}
