using System.Globalization;
using System.Text;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>A change as people read it: a line for it, then one for each operation. All text in it is escaped.</summary>
internal static class ChangeText
{
    private static readonly string[] s_notShown = ["op", "node", "edge", "key", "field", "value", "vector", "nonce", "position", "baseIndex"];

    /// <summary>Its lines.</summary>
    public static IEnumerable<string> Of(string json, Paint paint = default)
    {
        using var document = JsonDocument.Parse(json);
        var change = document.RootElement;
        yield return $"{paint.Faint(Answer.Number(change, "arrival").ToString(CultureInfo.InvariantCulture))}  "
            + $"{paint.Head(DotText.Short(Answer.Text(change, "dot")))}  "
            + $"{Answer.Text(change, "time")}  {paint.Name(SafeText.Of(Answer.Text(change, "author")))}";
        foreach (var operation in Answer.Items(change, "operations"))
        {
            yield return Operation(operation);
        }
    }

    private static string Operation(JsonElement operation)
    {
        var op = Answer.Text(operation, "op");
        var line = new StringBuilder("  ").Append(SafeText.Of(op));
        if (operation.TryGetProperty("node", out var node))
        {
            _ = line.Append(' ').Append(SafeText.Of(node.GetString()!));
        }

        if (operation.TryGetProperty("edge", out var edge))
        {
            _ = line.Append(' ').Append(EdgeText.Of(edge, Answer.Text(operation, "key")));
        }

        if (operation.TryGetProperty("field", out var field))
        {
            _ = line.Append(' ').Append(SafeText.Of(field.GetString()!));
        }

        if (operation.TryGetProperty("value", out var value))
        {
            _ = line.Append(op switch { "addCounter" or "addToSet" => " + ", "removeFromSet" => " - ", _ => " = " })
                .Append(SafeText.OfJson(value.GetRawText()));
        }

        if (operation.TryGetProperty("vector", out var vector))
        {
            _ = line.Append(vector.ValueKind == JsonValueKind.Null ? " none" : $" of {NumbersIn(vector)} numbers");
        }

        foreach (var part in operation.EnumerateObject().Where(static part => !s_notShown.Contains(part.Name)))
        {
            _ = line.Append(' ').Append(part.Name).Append('=').Append(part.Name == "base" && part.Value.ValueKind == JsonValueKind.String
                ? DotText.Short(part.Value.GetString()!)
                : SafeText.OfJson(part.Value.GetRawText()));
        }

        return line.ToString();
    }

    /// <summary>Eight digits of hex are one number.</summary>
    private static int NumbersIn(JsonElement vector) => Answer.Text(vector, "$bytes").Length / 8;
}
