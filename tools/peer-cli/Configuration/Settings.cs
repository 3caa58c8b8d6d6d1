using System.Globalization;
using System.Net;
using Replica.Crdt.Encoding;
using Replica.PeerCli.Input;
using Replica.Transport;
using Replica.Web.Json;

namespace Replica.PeerCli.Configuration;

/// <summary>All that can be set of a daemon. Whatever is added here is in the file, the environment, the flags and <c>config show</c>.</summary>
internal static class Settings
{
    /// <summary>The most files that a rotation keeps.</summary>
    public const int BackupKeepMax = 1000;

    private const string PeerAddresses = "tcp://HOST:PORT, ws://HOST:PORT or wss://HOST:PORT";
    private const string Loopback = "127.0.0.1:PORT, [::1]:PORT or localhost:PORT; port 0 picks a free one";

    public static readonly Setting Listen = new(
        "listen", "--listen", SettingKind.List, "tcp://HOST:PORT",
        "Accept peers here, by tcp://, ws:// or wss://; port 0 picks a free one; may be given again",
        PeerAddresses, static text => PeerAddress.TryParse(text, out _, out _));

    public static readonly Setting Connect = new(
        "connect", "--connect", SettingKind.List, "tcp://[KEY@]HOST:PORT",
        "Keep a connection to this peer; with its device key, which 'members' shows, to nobody else; may be given again",
        PeerAddresses + ", with or without a device key and @ before HOST", static text => PeerTarget.TryParse(text, out _, out _));

    public static readonly Setting Relay = new(
        "relay", "--relay", SettingKind.List, "wss://HOST",
        "Be reachable through this relay, and find peers there; may be given again",
        "wss://HOST or ws://HOST:PORT", static text => PeerAddress.RelayRoute.TryParseRelay(text, out _, out _));

    public static readonly Setting RelayToken = new(
        "relayToken", "--relay-token", SettingKind.Text, "TOKEN", "The token that the relays want", "a text", static _ => true)
    {
        IsSecret = true,
    };

    public static readonly Setting Lan = new(
        "lan", "--no-lan", SettingKind.Truth, "",
        "Neither announce this device on the local network nor look for peers there",
        "true or false", IsTruth)
    {
        Default = "true",
    };

    public static readonly Setting Durability = new(
        "durability", "--durability", SettingKind.Text, "full|relaxed",
        "For all spaces while it runs, in place of what each was made with",
        "full or relaxed", IsDurability);

    public static readonly Setting NoCompression = new(
        "noCompression", "--no-compression", SettingKind.List, "SPACE",
        "Send this space's changes uncompressed: how well a text compresses tells something about it; may be given again",
        "names of spaces", static text => text.Length > 0);

    public static readonly Setting LogLevel = new(
        "log.level", "--log", SettingKind.Text, "LEVEL",
        "What to log: trace, debug, info, warning or error, and all that is worse; never a key, a ticket or a value",
        "trace, debug, info, warning or error", static text => text is "trace" or "debug" or "info" or "warning" or "error")
    {
        Default = "info",
    };

    public static readonly Setting LogFormat = new(
        "log.format", "--log-format", SettingKind.Text, "text|json", "How to write the log: lines of text, or JSON objects",
        "text or json", static text => text is "text" or "json")
    {
        Default = "text",
    };

    public static readonly Setting MetricsListen = new(
        "metrics.listen", "--metrics-listen", SettingKind.Text, "127.0.0.1:PORT",
        "Serve /healthz, /readyz and /metrics (Prometheus text) here, on this machine only",
        Loopback, static text => TryParseLoopback(text, out _));

    public static readonly Setting ApiListen = new(
        "api.listen", "--api-listen", SettingKind.Text, "127.0.0.1:PORT",
        "Serve the control API here too, on this machine only, to who shows the token in the home's file api.token",
        Loopback, static text => TryParseLoopback(text, out _));

    public static readonly Setting BackupDirectory = new(
        "backup.dir", "--backup-dir", SettingKind.Text, "DIR",
        "Save each space into a new file in this folder again and again", "a folder", static text => text.Length > 0);

    public static readonly Setting BackupEvery = new(
        "backup.every", "--backup-every", SettingKind.Text, "SPAN", "How often to save; 24h if not given",
        "a span of time such as 30m, 24h or 7d, a minute to a year",
        static text => Duration.TrySeconds(text, out var seconds) && seconds >= 60)
    {
        Default = "24h",
    };

    public static readonly Setting BackupKeep = new(
        "backup.keep", "--backup-keep", SettingKind.Count, "N", "How many files of each space to keep; 7 if not given",
        "a whole number from 1 to 1000", static text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var keep) && keep is >= 1 and <= BackupKeepMax)
    {
        Default = "7",
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Listen, Connect, Relay, RelayToken, Lan, Durability, NoCompression, LogLevel, LogFormat, MetricsListen, ApiListen,
        BackupDirectory, BackupEvery, BackupKeep,
    ];

    /// <summary>Reads an address of this machine that no other machine reaches.</summary>
    public static bool TryParseLoopback(string text, out IPEndPoint endPoint)
    {
        const string Name = "localhost:";
        var numbers = text.StartsWith(Name, StringComparison.Ordinal) ? "127.0.0.1:" + text[Name.Length..] : text;
        // Without a colon the parser would take an address alone, with port 0.
        var isParsed = IPEndPoint.TryParse(numbers, out var parsed) && numbers.LastIndexOf(':') > numbers.LastIndexOf(']')
            && IPAddress.IsLoopback(parsed.Address) && (parsed.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || numbers[0] == '[');
        endPoint = isParsed ? parsed! : new(IPAddress.Loopback, 0);
        return isParsed;
    }

    private static bool IsTruth(string text) => text is "true" or "false";

    private static bool IsDurability(string text)
    {
        try
        {
            _ = DurabilityName.Parse(text);
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }
}
