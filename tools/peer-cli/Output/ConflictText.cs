using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>A conflict as people read it: what shows, then each write that lost. All text in it is escaped.</summary>
internal static class ConflictText
{
    /// <summary>Its lines.</summary>
    public static IEnumerable<string> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var conflict = document.RootElement;
        var name = Answer.Text(conflict, "name");
        yield return $"{Target(conflict)}  {Answer.Text(conflict, "place")}{(name.Length > 0 ? " " + SafeText.Of(name) : "")}";
        yield return "  shows  " + Write(conflict.GetProperty("shown"));
        foreach (var loser in Answer.Items(conflict, "losers"))
        {
            yield return "  lost   " + Write(loser);
        }
    }

    private static string Target(JsonElement conflict) => conflict.TryGetProperty("edge", out var edge)
        ? Edge(edge)
        : SafeText.Of(Answer.Text(conflict, "id"));

    private static string Write(JsonElement write)
    {
        var what = write.TryGetProperty("value", out var value) ? SafeText.Of(value.GetRawText())
            : write.TryGetProperty("edge", out var edge) ? Edge(edge)
            : "(removed)";
        return $"{what}  by {SafeText.Of(Answer.Text(write, "author"))}, {Answer.Text(write, "time")}, change {DotText.Short(Answer.Text(write, "dot"))}";
    }

    private static string Edge(JsonElement ends) =>
        $"{SafeText.Of(ends[0].GetString()!)} -{SafeText.Of(ends[1].GetString()!)}-> {SafeText.Of(ends[2].GetString()!)}";
}
