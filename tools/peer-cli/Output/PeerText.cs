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
