using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;
using Replica.Transport;
using Replica.Web.WebSockets;

namespace Replica.PeerCli.Commands;

/// <summary><c>run</c>: the daemon. Serves the other commands and syncs with peers until it is told to stop.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var listen = new Option<string[]>("--listen")
        {
            Description = "Accept peers here, by tcp://, ws:// or wss://; port 0 picks a free one; may be given again",
            HelpName = "tcp://HOST:PORT",
        };
        var connect = new Option<string[]>("--connect")
        {
            Description = "Keep a connection to this peer; may be given again",
            HelpName = "tcp://HOST:PORT",
        };
        var plain = new Option<string[]>("--no-compression")
        {
            Description = "Send this space's changes uncompressed: how well a text compresses tells something about it; may be given again",
            HelpName = "SPACE",
        };
        var relay = new Option<string[]>("--relay")
        {
            Description = "Be reachable through this relay, and find peers there; may be given again",
            HelpName = "wss://HOST",
        };
        var token = Globals.Text("--relay-token", "TOKEN", "The token that the relays want; else REPLICA_RELAY_TOKEN");
        var noLan = new Option<bool>("--no-lan") { Description = "Neither announce this device on the local network nor look for peers there" };
        var durability = Globals.DurabilityOption("For all spaces while it runs, in place of what each was made with");
        var level = new Option<string>("--log")
        {
            Description = "What to log: trace, debug, info, warning or error, and all that is worse; never a key, a ticket or a value",
            HelpName = "LEVEL",
            DefaultValueFactory = static _ => "info",
        };
        _ = level.AcceptOnlyFromAmong("trace", "debug", "info", "warning", "error");
        var command = new Command("run", "Serve and sync until Ctrl-C") { listen, connect, relay, token, noLan, durability, plain, level };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var listens = Addresses(parse.GetValue(listen), "--listen");
            var connects = Addresses(parse.GetValue(connect), "--connect");
            var relays = (parse.GetValue(relay) ?? []).Select(Relay).ToList();
            var bearer = parse.GetValue(token) ?? Environment.GetEnvironmentVariable("REPLICA_RELAY_TOKEN");
            using var webSockets = new WebSocketHostTransport(TimeProvider.System);
            using var loggers = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Trace)
                .AddProvider(new ErrorLog(globals.Terminal, LevelOf(parse.GetValue(level)!))));
            var options = new HomeOptions
            {
                Directory = globals.Directory(parse, mayBeNew: false),
                Holder = "replica run",
                Durability = parse.GetValue(durability),
                Uncompressed = parse.GetValue(plain) ?? [],
                Loggers = loggers,
                Transports = [webSockets],
                RelayTokens = string.IsNullOrEmpty(bearer)
                    ? new Dictionary<string, string>()
                    : relays.DistinctBy(static one => one.Authority).ToDictionary(static one => one.Authority, _ => bearer),
            };
            await using var daemon = await DaemonHome.OpenPatientlyAsync(options, s_stopLimit, cancellationToken);
            var bound = new List<string>();
            foreach (var address in listens.Concat(relays))
            {
                bound.Add((await daemon.Home.ListenAsync(address, cancellationToken)).ToString());
            }

            connects.ForEach(daemon.Home.Connect);
            if (!parse.GetValue(noLan) && !StaysOnThisMachine([.. listens, .. connects]))
            {
                await TryStartLanAsync(globals, daemon.Home, cancellationToken);
            }

            await SayReadyAsync(globals, parse, daemon, bound, connects);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Being told to stop is how a daemon ends well.
            }
        });
        return command;
    }

    private static List<PeerAddress> Addresses(string[]? texts, string option) => [.. (texts ?? []).Select(text =>
        PeerAddress.TryParse(text, out var address, out var error) ? address : throw new UsageException($"{option} '{text}': {error}"))];

    /// <summary>Whether all that the user named is on this machine: then nothing of it goes to others.</summary>
    private static bool StaysOnThisMachine(IReadOnlyList<PeerAddress> addresses) => addresses.Count > 0 && addresses.All(static address =>
        address is PeerAddress.TcpHost { Host: var tcp } && IsLoopback(tcp) || address is PeerAddress.WebSocketHost { Host: var web } && IsLoopback(web));

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static async Task TryStartLanAsync(Globals globals, ReplicaHome home, CancellationToken cancellationToken)
    {
        try
        {
            await home.StartLanDiscoveryAsync(cancellationToken);
        }
        catch (ReplicaException fault)
        {
            // Peers are found by address and relay all the same.
            globals.Terminal.Remark($"{fault.Message} ({fault.Code})");
        }
    }

    private static PeerAddress.RelayRoute Relay(string text) =>
        PeerAddress.RelayRoute.TryParseRelay(text, out var relay, out var error) ? relay : throw new UsageException($"--relay '{text}': {error}");

    private static LogLevel LevelOf(string name) => name switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static async Task SayReadyAsync(
        Globals globals, ParseResult parse, DaemonHome daemon, List<string> bound, List<PeerAddress> connects)
    {
        if (globals.IsJson(parse))
        {
            var ready = new JsonObject
            {
                ["ready"] = true,
                ["home"] = daemon.Home.Directory,
                ["control"] = daemon.Server.Path,
                ["listen"] = new JsonArray([.. bound.Select(static address => (JsonNode)address)]),
                ["connect"] = new JsonArray([.. connects.Select(static address => (JsonNode)address.ToString())]),
            };
            globals.Terminal.Line(ready.ToJsonString());
        }
        else
        {
            globals.Terminal.Line($"ready: home {daemon.Home.Directory}, "
                + (bound.Count == 0 ? "accepting no peers (give --listen to accept them)" : "listening on " + string.Join(" and ", bound))
                + (connects.Count == 0 ? "" : ", connecting to " + string.Join(" and ", connects)) + "; Ctrl-C ends it");
        }

        await globals.Terminal.FlushAsync();
    }
}
