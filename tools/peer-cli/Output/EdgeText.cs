using System.Text.Json;

namespace Replica.PeerCli.Output;

/// <summary>The ends of an edge as people read them, escaped.</summary>
internal static class EdgeText
{
    /// <summary>From, relation and to, and the key if there is one.</summary>
    /// <param name="ends">[from, relation, to].</param>
    /// <param name="key">The key; empty for none.</param>
    public static string Of(JsonElement ends, string key) => Of(ends[0].GetString()!, ends[1].GetString()!, ends[2].GetString()!, key);

    /// <summary>From, relation and to, and the key if there is one.</summary>
    public static string Of(string from, string relation, string to, string key) =>
        $"{SafeText.Of(from)} -{SafeText.Of(relation)}-> {SafeText.Of(to)}" + (key.Length == 0 ? "" : $" [{SafeText.Of(key)}]");
}
