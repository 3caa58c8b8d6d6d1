using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Replica.Testing.Scenarios;

/// <summary>Puts in what texts stand for: <c>$i</c> inside a repetition, <c>$big:c:N</c> anywhere.</summary>
internal static class StepExpansion
{
    private const string Big = "$big:";
    private const int BigCharsMax = 4 * 1024 * 1024;

    /// <summary>Names that give an object a meaning are never taken for texts.</summary>
    private static readonly FrozenSet<string> s_tags = FrozenSet.ToFrozenSet(["$int", "$float", "$bytes", "$time", "$node", "$map"]);

    /// <summary>The step with everything put in.</summary>
    /// <param name="step">The step as it stands in the file.</param>
    /// <param name="turn">The turn of the repetition around it, from 0; nothing outside of one.</param>
    public static JsonElement Expand(JsonElement step, long? turn)
    {
        var raw = step.GetRawText();
        if (!(turn is not null && raw.Contains("$i", StringComparison.Ordinal)) && !raw.Contains("$big:", StringComparison.Ordinal))
        {
            return step;
        }

        var output = new ArrayBufferWriter<byte>(raw.Length);
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(writer, step, turn);
        }

        using var document = JsonDocument.Parse(output.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement part, long? turn)
    {
        switch (part.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in part.EnumerateObject())
                {
                    writer.WritePropertyName(s_tags.Contains(property.Name) ? property.Name : Text(property.Name, turn));
                    Write(writer, property.Value, turn);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in part.EnumerateArray())
                {
                    Write(writer, item, turn);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when turn is { } number && part.ValueEquals("$i"):
                writer.WriteNumberValue(number);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text(part.GetString()!, turn));
                break;
            default:
                writer.WriteRawValue(part.GetRawText());
                break;
        }
    }

    private static string Text(string text, long? turn)
    {
        text = turn is { } number ? text.Replace("$i", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : text;
        if (!text.StartsWith(Big, StringComparison.Ordinal) || text.LastIndexOf(':') is var colon && colon <= Big.Length
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var times))
        {
            return text;
        }

        var letter = text[Big.Length..colon];
        return (long)times * letter.Length <= BigCharsMax
            ? string.Concat(Enumerable.Repeat(letter, times))
            : throw new ScenarioException($"The text '{text}' is longer than {BigCharsMax} letters.");
    }
}
