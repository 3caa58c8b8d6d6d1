using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Replica.Peer.Store;
using Replica.PeerCli.Input;
using Replica.Transport;
using Replica.Web.Json;

namespace Replica.PeerCli.Configuration;

/// <summary>What a daemon is to do, every value checked.</summary>
/// <param name="values">The effective values, in any order.</param>
internal sealed class RunSettings(IReadOnlyList<SettingValue> values)
{
    /// <summary>Where peers are accepted.</summary>
    public IReadOnlyList<PeerAddress> Listen => [.. Of(Settings.Listen).Texts.Select(Address)];

    /// <summary>The peers to keep a connection to.</summary>
    public IReadOnlyList<PeerTarget> Connect => [.. Of(Settings.Connect).Texts.Select(Target)];

    /// <summary>The relays to be reachable through.</summary>
    public IReadOnlyList<PeerAddress.RelayRoute> Relays => [.. Of(Settings.Relay).Texts.Select(Relay)];

    /// <summary>What the relays want; null for nothing.</summary>
    public string? RelayToken => Of(Settings.RelayToken).Text is { Length: > 0 } token ? token : null;

    /// <summary>Whether peers are looked for on the local network.</summary>
    public bool IsLanOn => Of(Settings.Lan).Text != "false";

    /// <summary>When local writes are acknowledged; null for what each space was made with.</summary>
    public Durability? Durability => Of(Settings.Durability).Text is { } text ? DurabilityName.Parse(text) : null;

    /// <summary>The spaces of which nothing is compressed.</summary>
    public IReadOnlyList<string> Uncompressed => Of(Settings.NoCompression).Texts;

    /// <summary>The least level that is logged.</summary>
    public LogLevel LogLevel => Of(Settings.LogLevel).Text switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    /// <summary>Whether the log is JSON.</summary>
    public bool IsLogJson => Of(Settings.LogFormat).Text == "json";

    /// <summary>Where health and metrics are served; null for nowhere.</summary>
    public IPEndPoint? MetricsListen => Loopback(Settings.MetricsListen);

    /// <summary>Where the control API is served beside its socket; null for nowhere.</summary>
    public IPEndPoint? ApiListen => Loopback(Settings.ApiListen);

    /// <summary>Where spaces are saved again and again, as a full path; null for nowhere.</summary>
    public string? BackupDirectory => Of(Settings.BackupDirectory).Text is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>How often.</summary>
    public TimeSpan BackupEvery =>
        Duration.TrySeconds(Of(Settings.BackupEvery).Text ?? Settings.BackupEvery.Default!, out var seconds) ? TimeSpan.FromSeconds(seconds) : default;

    /// <summary>How many files of each space are kept.</summary>
    public int BackupKeep => int.Parse(Of(Settings.BackupKeep).Text ?? Settings.BackupKeep.Default!, CultureInfo.InvariantCulture);

    private static PeerAddress Address(string text) => PeerAddress.TryParse(text, out var address, out _) ? address : throw Unchecked(text);

    private static PeerTarget Target(string text) => PeerTarget.TryParse(text, out var target, out _) ? target : throw Unchecked(text);

    private static PeerAddress.RelayRoute Relay(string text) =>
        PeerAddress.RelayRoute.TryParseRelay(text, out var relay, out _) ? relay : throw Unchecked(text);

    private static InvalidOperationException Unchecked(string text) => new($"'{text}' was not checked before.");

    private SettingValue Of(Setting setting) => values.First(value => value.Setting == setting);

    private IPEndPoint? Loopback(Setting setting) =>
        Of(setting).Text is { } text && Settings.TryParseLoopback(text, out var endPoint) ? endPoint : null;
}
