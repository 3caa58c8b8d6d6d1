using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>Places in the tree as people read them; ids are somebody's text, so all are escaped.</summary>
internal static class TreeText
{
    /// <summary>Deeper levels are indented no further: a line has an end.</summary>
    private const int IndentedMax = 40;

    /// <summary>A place: its id, indented by its depth.</summary>
    public static string Place(string json)
    {
        using var document = JsonDocument.Parse(json);
        var place = document.RootElement;
        return Indent(place) + SafeText.Of(Answer.Text(place, "node"));
    }

    /// <summary>An orphan: where it hangs is said where the hanging begins.</summary>
    public static string Orphan(string json)
    {
        using var document = JsonDocument.Parse(json);
        var place = document.RootElement;
        var node = Indent(place) + SafeText.Of(Answer.Text(place, "node"));
        return Answer.Number(place, "depth") == 0 ? $"{node}  (under {SafeText.Of(Answer.Text(place, "parent"))})" : node;
    }

    /// <summary>A move that lost.</summary>
    public static string Skipped(string json)
    {
        using var document = JsonDocument.Parse(json);
        var move = document.RootElement;
        return $"{SafeText.Of(Answer.Text(move, "node"))} under {SafeText.Of(Answer.Text(move, "parent"))}  "
            + $"{DotText.Short(Answer.Text(move, "dot"))}  {Answer.Text(move, "time")}  {SafeText.Of(Answer.Text(move, "author"))}";
    }

    private static string Indent(JsonElement place) =>
        new(' ', 2 * (int)Math.Min(Answer.Number(place, "depth"), IndentedMax));
}
