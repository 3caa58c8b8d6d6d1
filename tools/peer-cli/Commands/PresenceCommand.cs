using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>presence [TEXT]</c>: what devices say of themselves for a while, through a running daemon.</summary>
internal static class PresenceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var text = new Argument<string?>("TEXT")
        {
            Description = "What connected peers are to see of this device, 4 KiB at most; without it what they say is shown",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var ttl = new Option<string>("--ttl") { Description = "How long it holds, 60s at most", HelpName = "SPAN", DefaultValueFactory = static _ => "30s" };
        var clear = new Option<bool>("--clear") { Description = "Take back what was said" };
        var watch = new Option<bool>("--watch") { Description = "Go on showing what is said, until Ctrl-C" };
        var command = new Command("presence", "Tell connected peers something for a while, or show what they say") { text, ttl, clear, watch };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var path = Paths.Of(globals.SpaceOf(parse), "presence");
            var isClearing = parse.GetValue(clear);
            if (parse.GetValue(text) is null && !isClearing)
            {
                path = Paths.Of(globals.SpaceOf(parse), "presence", ("watch", parse.GetValue(watch) ? "true" : null));
                await Lists.ShowAsync(globals, parse, path, PeerText.Presence, cancellationToken);
                return;
            }

            if (parse.GetValue(watch))
            {
                throw new UsageException("--watch shows what others say: leave TEXT and --clear out.");
            }

            await using var home = await globals.OpenAsync(parse, cancellationToken);
            if (home.IsOwn)
            {
                throw new ReplicaException(
                    "REPLICA_NO_DAEMON", "No daemon runs on this home, so nobody would hear it: start one with 'replica run'.");
            }

            var body = new JsonObject
            {
                ["text"] = parse.GetValue(text) ?? "",
                ["ttlMs"] = isClearing ? 0 : Duration.Seconds(parse.GetValue(ttl)!, "--ttl") * 1000,
            };
            _ = await home.Client.PostAsync(path, Encoding.UTF8.GetBytes(body.ToJsonString()), cancellationToken);
        });
        return command;
    }
}
