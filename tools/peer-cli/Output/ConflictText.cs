using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>A conflict as people read it: what shows, then each write that lost. All text in it is escaped.</summary>
internal static class ConflictText
{
    /// <summary>Its lines.</summary>
    public static IEnumerable<string> Of(string json, Paint paint = default)
    {
        using var document = JsonDocument.Parse(json);
        var conflict = document.RootElement;
        var name = Answer.Text(conflict, "name");
        yield return $"{paint.Head(Target(conflict))}  {Answer.Text(conflict, "place")}{(name.Length > 0 ? " " + SafeText.Of(name) : "")}";
        yield return paint.Good("  shows  ")
            + (conflict.GetProperty("shown") is { ValueKind: JsonValueKind.Object } shown ? Write(conflict, shown) : "(placed nowhere)");
        foreach (var loser in Answer.Items(conflict, "losers"))
        {
            yield return paint.Warn("  lost   ") + Write(conflict, loser);
        }
    }

    private static string Target(JsonElement conflict) => conflict.TryGetProperty("edge", out var edge)
        ? EdgeText.Of(edge, Answer.Text(conflict, "key"))
        : SafeText.Of(Answer.Text(conflict, "id"));

    private static string Write(JsonElement conflict, JsonElement write) =>
        $"{What(conflict, write)}  by {SafeText.Of(Answer.Text(write, "author"))}, {Answer.Text(write, "time")}, "
        + $"change {DotText.Short(Answer.Text(write, "dot"))}";

    private static string What(JsonElement conflict, JsonElement write)
    {
        var hasValue = write.TryGetProperty("value", out var value);
        if (Answer.Text(conflict, "place") == "move")
        {
            return hasValue ? "under " + SafeText.Of(Answer.Text(value, "$node")) : "at the top";
        }

        if (Answer.Text(conflict, "place") == "vector" && hasValue)
        {
            return $"{Answer.Text(value, "$bytes").Length / 8} numbers";
        }

        return hasValue ? SafeText.OfJson(value.GetRawText())
            : write.TryGetProperty("edge", out var edge) ? EdgeText.Of(edge, Answer.Text(write, "key"))
            : "(removed)";
    }
}
