using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>What became of a node or an edge as people read it: a line for each change, then one for each step. All text is escaped.</summary>
internal static class HistoryText
{
    /// <summary>The lines of one change.</summary>
    public static IEnumerable<string> Of(string json, Paint paint = default)
    {
        using var document = JsonDocument.Parse(json);
        var entry = document.RootElement;
        // To the second: the rest tells apart what one device did in one moment.
        yield return $"{Answer.Text(entry, "time").Replace('T', ' ').Split('.')[0]}Z  {paint.Name(SafeText.Of(Answer.Text(entry, "author")))}  "
            + paint.Faint("change " + DotText.Short(Answer.Text(entry, "dot")));
        foreach (var step in Answer.Items(entry, "steps"))
        {
            yield return "  " + Step(step, paint);
        }
    }

    private static string Step(JsonElement step, Paint paint)
    {
        var op = Answer.Text(step, "op");
        var field = paint.Head(SafeText.Of(Answer.Text(step, "field")));
        return op switch
        {
            "create" => paint.Good("created"),
            "delete" => paint.Bad("deleted"),
            "setType" => "type " + FromTo(step, paint),
            "move" => "moved " + (step.TryGetProperty("before", out _) ? $"from {Parent(step, "before")} " : "") + $"to {Parent(step, "after")}",
            "setVector" => Answer.Number(step, "numbers") is > 0 and var count ? $"vector of {count} numbers" : "vector removed",
            "setField" or "setCounter" => $"{field} {FromTo(step, paint)}",
            "removeField" => $"{field} {FromTo(step, paint)}",
            "addCounter" => $"{field} {Signed(Answer.Number(step, "value"))}: {FromTo(step, paint)}",
            "addToSet" => $"{field} {paint.Good("+ " + Value(step, "value"))}",
            "removeFromSet" => $"{field} {paint.Bad("- " + Value(step, "value"))}",
            _ => SafeText.Of(op),
        };
    }

    private static string FromTo(JsonElement step, Paint paint) => step.TryGetProperty("before", out _)
        ? $"{paint.Bad(Value(step, "before"))} → {paint.Good(Value(step, "after"))}"
        : $"= {paint.Good(Value(step, "after"))}";

    private static string Value(JsonElement step, string name) =>
        step.TryGetProperty(name, out var value) ? SafeText.OfJson(value.GetRawText()) : "(removed)";

    private static string Parent(JsonElement step, string name) =>
        step.GetProperty(name) is { ValueKind: JsonValueKind.Object } parent ? SafeText.Of(Answer.Text(parent, "$node")) : "the top";

    private static string Signed(long number) => number < 0 ? $"{number}" : $"+{number}";
}
