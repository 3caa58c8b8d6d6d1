using System.Text;
using System.Text.Json;

namespace Replica.Testing.Encodings;

/// <summary>
/// Reads inputs for a decoder in any of three forms: <c>{"cases":[{"id":…,"hex":…}|{"id":…,"repeat":[[hex,count],…]}]}</c>;
/// <c>{"name":[{"msgpack":[hex,…]},…]}</c>, several encodings of known values; or lines of hex.
/// </summary>
public static class EncodingCaseFile
{
    /// <summary>The longest input that is put together from repetitions.</summary>
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>Reads all inputs; long ones are made only when they are asked for.</summary>
    /// <param name="content">The file's bytes, UTF-8.</param>
    /// <exception cref="EncodingCaseException">The content is in none of the forms; thrown while reading on.</exception>
    public static IEnumerable<EncodingCase> Read(ReadOnlyMemory<byte> content)
    {
        var start = content.Span.TrimStart(" \t\r\n"u8);
        return !start.IsEmpty && start[0] == (byte)'{' ? OfJson(Parse(content)) : OfLines(Encoding.UTF8.GetString(content.Span));
    }

    private static IEnumerable<EncodingCase> OfJson(JsonElement file) => file.TryGetProperty("cases", out var cases)
        ? cases.EnumerateArray().Index().Select(static one => OfCase(one.Item, one.Index))
        : file.EnumerateObject().SelectMany(static group => group.Value.EnumerateArray().Index().SelectMany(value =>
            value.Item.GetProperty("msgpack").EnumerateArray().Index().Select(encoding =>
                new EncodingCase($"{group.Name}/{value.Index}/{encoding.Index}", Hex(encoding.Item.GetString()!)))));

    internal static EncodingCase OfCase(JsonElement one, int number)
    {
        var id = one.TryGetProperty("id", out var name) ? name.ToString() : $"case {number}";
        if (!one.TryGetProperty("repeat", out var parts))
        {
            return one.TryGetProperty("hex", out var hex)
                ? new(id, Hex(hex.GetString()!))
                : throw new EncodingCaseException($"{id} has neither 'hex' nor 'repeat'.");
        }

        var bytes = new MemoryStream();
        foreach (var part in parts.EnumerateArray())
        {
            var repeated = Hex(part[0].GetString()!);
            var count = part[1].GetInt32();
            if (((long)repeated.Length * count) + bytes.Length > BytesMax)
            {
                throw new EncodingCaseException($"{id} is longer than {BytesMax} bytes.");
            }

            for (var i = 0; i < count; i++)
            {
                bytes.Write(repeated);
            }
        }

        return new(id, bytes.ToArray());
    }

    private static IEnumerable<EncodingCase> OfLines(string text) => text.Split('\n').Index()
        .Select(static line => (line.Index, Text: line.Item.Trim()))
        .Where(static line => line.Text.Length > 0 && line.Text[0] != '#')
        .Select(static line => new EncodingCase($"line {line.Index + 1}", Hex(line.Text)));

    private static byte[] Hex(string text)
    {
        try
        {
            return Convert.FromHexString(string.Concat(text.Where(static c => c is not ('-' or ' ' or ':'))));
        }
        catch (FormatException)
        {
            throw new EncodingCaseException($"Not hex: '{(text.Length > 80 ? text[..80] + "…" : text)}'.");
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new EncodingCaseException($"Not valid JSON: {fault.Message}");
        }
    }
}
