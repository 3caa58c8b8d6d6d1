using System.Globalization;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>What is known of peers, as people read it.</summary>
internal static class PeerText
{
    private const int KeyDigits = 16;

    /// <summary>Who holds a node's last changes.</summary>
    public static IEnumerable<string> Holders(string json, bool isDaemon)
    {
        using var document = JsonDocument.Parse(json);
        var report = document.RootElement;
        yield return "last changes  " + string.Join(" ", Answer.Items(report, "last").Select(static dot => DotText.Short(dot.GetString() ?? "")));
        if (!isDaemon)
        {
            yield return "No daemon runs, so no peer is known: start one with 'replica run'.";
            yield break;
        }

        foreach (var peer in Answer.Items(report, "peers"))
        {
            yield return $"{Short(Text(peer, "device"))}  {(Answer.Truth(peer, "hasAll") ? "has them on disk" : "has not said that it has them")}  "
                + (Answer.Truth(peer, "connected") ? "connected" : $"last heard {Text(peer, "lastHeard")}") + $"  {Text(peer, "address")}";
        }
    }

    /// <summary>The peers of a home's status as rows: name, state, sync, way, when heard, address.</summary>
    public static IEnumerable<Cell[]> Rows(JsonElement home, DateTimeOffset now)
    {
        var names = Names(home);
        foreach (var peer in Answer.Items(home, "peers"))
        {
            var (sync, isGood) = Sync(peer);
            var isConnected = Answer.Text(peer, "state") == "connected";
            yield return
            [
                Cell.Name(NameOf(peer, names)),
                new(Text(peer, "state"), isConnected ? static (paint, text) => paint.Good(text) : static (paint, text) => paint.Warn(text)),
                new(sync, isGood ? static (paint, text) => paint.Good(text) : static (paint, text) => paint.Warn(text)),
                (isConnected ? Answer.Truth(peer, "dialled") ? "dialled " : "accepted " : "") + Text(peer, "via"),
                Heard(peer, now),
                Text(peer, "address") + (Text(peer, "detail") is { Length: > 0 } detail ? "  " + detail : ""),
            ];
        }
    }

    /// <summary>The names of devices by their keys, as their logs and this home's own space say.</summary>
    public static Dictionary<string, string> Names(JsonElement home)
    {
        var names = new Dictionary<string, string>();
        foreach (var log in Answer.Items(home, "spaces").SelectMany(static space => Answer.Items(space, "logs")))
        {
            names[Answer.Text(log, "device")] = Text(log, "name");
        }

        return names;
    }

    /// <summary>What a peer is called: its name, else its key, else nothing is known of it.</summary>
    public static string NameOf(JsonElement peer, Dictionary<string, string> names)
    {
        var device = Answer.Text(peer, "device");
        return device.Length == 0 ? "(unknown)" : names.GetValueOrDefault(device) is { Length: > 0 } name ? name : Short(device);
    }

    /// <summary>When a peer was heard; empty if never.</summary>
    public static string Heard(JsonElement peer, DateTimeOffset now) =>
        peer.TryGetProperty("lastHeard", out var heard) ? Words.Ago(now - heard.GetDateTimeOffset()) : "";

    /// <summary>How all spaces stand that are open with a peer, in few words, and whether all is well.</summary>
    public static (string Text, bool IsGood) Sync(JsonElement peer)
    {
        var spaces = Answer.Items(peer, "spaces").ToList();
        if (spaces.Count == 0)
        {
            return ("", true);
        }

        var (toGet, toGive) = (spaces.Sum(static space => Answer.Number(space, "weLack")), spaces.Sum(static space => Answer.Number(space, "peerLacks")));
        return spaces.Any(static space => Answer.Items(space, "problems").Any()) ? ("refused in part: see status", false)
            : spaces.All(static space => Answer.Truth(space, "inSync")) ? ("in sync", true)
            : toGet + toGive == 0 ? ("comparing", false)
            : ($"{toGet} to get, {toGive} to give", false);
    }

    /// <summary>What a device says; empty once it is over.</summary>
    public static IEnumerable<string> Presence(string json)
    {
        using var document = JsonDocument.Parse(json);
        var entry = document.RootElement;
        var left = Answer.Number(entry, "leftMs");
        var said = entry.TryGetProperty("base64", out var bytes) ? $"{bytes.GetString()?.Length * 3 / 4} bytes" : Text(entry, "text");
        yield return left == 0
            ? $"{Short(Text(entry, "device"))}  is silent"
            : string.Create(CultureInfo.InvariantCulture, $"{Short(Text(entry, "device"))}  {said}  ({(left + 999) / 1000} s)");
    }

    private static string Text(JsonElement element, string name) => SafeText.Of(Answer.Text(element, name));

    private static string Short(string key) => key.Length > KeyDigits ? key[..KeyDigits] : key;
}
