using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Replica.Peer.Host;
using Replica.Peer.Telemetry;
using Replica.PeerCli.Configuration;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;
using Replica.Transport;
using Replica.Web.Health;
using Replica.Web.Metrics;
using Replica.Web.WebSockets;

namespace Replica.PeerCli.Daemon;

/// <summary>One run of the daemon: opens the home, serves it, tells whoever waits that it is ready, and ends when told to.</summary>
/// <param name="terminal">Where it says that it is ready, and logs.</param>
/// <param name="directory">The home.</param>
/// <param name="settings">What it is to do.</param>
/// <param name="isJson">Whether the line that says it is ready is for programs.</param>
/// <param name="isTraced">Whether the log shows where exceptions came from.</param>
internal sealed class DaemonRun(Terminal terminal, string directory, RunSettings settings, bool isJson, bool isTraced)
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    private readonly ServiceNotifier _service = new(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>Runs until it is told to stop.</summary>
    /// <exception cref="ReplicaException">The home can't be had, or an address can't be listened at.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var webSockets = new WebSocketHostTransport(TimeProvider.System);
        using var loggers = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Trace)
            .AddProvider(new ErrorLog(terminal, settings.LogLevel, settings.IsLogJson, isTraced)));
        using var page = settings.MetricsListen is null
            ? null
            : new MeterPage(static meter => meter.Name is PeerTelemetry.Name or "Replica.Transport" or "System.Runtime");
        await using var daemon = await DaemonHome.OpenPatientlyAsync(Options(webSockets, loggers), s_stopLimit, settings.ApiListen, cancellationToken);
        var bound = new List<string>();
        foreach (var address in settings.Listen.Concat(settings.Relays))
        {
            bound.Add((await daemon.Home.ListenAsync(address, cancellationToken)).ToString());
        }

        foreach (var target in settings.Connect)
        {
            daemon.Home.Connect(target);
        }

        if (settings.IsLanOn && !StaysOnThisMachine([.. settings.Listen, .. settings.Connect.Select(static target => target.Address)]))
        {
            await TryStartLanAsync(daemon.Home, cancellationToken);
        }

        await using var health = settings.MetricsListen is { } place
            ? await HealthHost.StartAsync(place, daemon.Home, page!, TimeProvider.System, cancellationToken)
            : null;
        await SayReadyAsync(daemon, bound, health);
        var signs = _service.KeepAliveAsync(token => IsWellAsync(daemon.Home, token), TimeProvider.System, cancellationToken);
        var foot = isJson ? Task.CompletedTask : new SyncFoot(daemon.Home, terminal, TimeProvider.System).RunAsync(cancellationToken);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Being told to stop is how a daemon ends well.
        }

        _service.SayStopping();
        health?.SetStopping();
        await signs;
        await foot;
    }

    /// <summary>Whether everything on this machine: then nothing goes to others.</summary>
    private static bool StaysOnThisMachine(IReadOnlyList<PeerAddress> addresses) => addresses.Count > 0 && addresses.All(static address =>
        address is PeerAddress.TcpHost { Host: var tcp } && IsLoopback(tcp) || address is PeerAddress.WebSocketHost { Host: var web } && IsLoopback(web));

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Whether every space answers: its writer is asked, after all that is queued.</summary>
    private static async Task<bool> IsWellAsync(ReplicaHome home, CancellationToken cancellationToken)
    {
        try
        {
            _ = await home.GetStatusAsync(cancellationToken);
            return true;
        }
        catch (ReplicaException)
        {
            // A store that fails is told by the log and the status; starting the daemon anew would not mend the disk.
            return true;
        }
    }

    private HomeOptions Options(WebSocketHostTransport webSockets, ILoggerFactory loggers) => new()
    {
        Directory = directory,
        Holder = DaemonHome.Holder,
        Durability = settings.Durability,
        Uncompressed = settings.Uncompressed,
        Loggers = loggers,
        Backups = settings.BackupDirectory is { } folder
            ? new BackupRotation { Directory = folder, Every = settings.BackupEvery, Keep = settings.BackupKeep }
            : null,
        Transports = [webSockets],
        RelayTokens = settings.RelayToken is { } token
            ? settings.Relays.DistinctBy(static one => one.Authority).ToDictionary(static one => one.Authority, _ => token)
            : new Dictionary<string, string>(),
    };

    private async Task TryStartLanAsync(ReplicaHome home, CancellationToken cancellationToken)
    {
        try
        {
            await home.StartLanDiscoveryAsync(cancellationToken);
        }
        catch (ReplicaException fault)
        {
            // Peers are found by address and relay all the same.
            terminal.Remark($"{fault.Message} ({fault.Code})");
        }
    }

    private async Task SayReadyAsync(DaemonHome daemon, List<string> bound, HealthHost? health)
    {
        var connects = settings.Connect;
        var text = (bound.Count == 0 ? "accepting no peers (give --listen to accept them)" : "listening on " + string.Join(" and ", bound))
            + (connects.Count == 0 ? "" : ", connecting to " + string.Join(" and ", connects))
            + (daemon.Server.EndPoint is { } api ? $", API at http://{api}" : "")
            + (health is null ? "" : $", metrics at http://{health.EndPoint}/metrics");
        if (isJson)
        {
            var ready = new JsonObject
            {
                ["ready"] = true,
                ["home"] = daemon.Home.Directory,
                ["control"] = daemon.Server.Path,
                ["listen"] = new JsonArray([.. bound.Select(static address => (JsonNode)address)]),
                ["connect"] = new JsonArray([.. connects.Select(static target => (JsonNode)target.ToString())]),
                ["api"] = daemon.Server.EndPoint is { } place ? $"http://{place}" : null,
                ["metrics"] = health is null ? null : $"http://{health.EndPoint}/metrics",
            };
            terminal.Line(ready.ToJsonString());
        }
        else
        {
            terminal.Line($"ready: home {Words.Path(daemon.Home.Directory)}, {text}; Ctrl-C ends it");
        }

        await terminal.FlushAsync();
        _service.SayReady(text);
    }
}
