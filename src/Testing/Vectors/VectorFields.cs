using System.Text.Json;

namespace Replica.Testing.Vectors;

/// <summary>The members of one JSON object, read with errors that name them.</summary>
internal readonly struct VectorFields(JsonElement element)
{
    /// <summary>The object itself.</summary>
    public JsonElement Element => element;

    /// <summary>The member, or nothing if it is not there or null.</summary>
    public JsonElement? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null
            ? found
            : null;

    /// <summary>The member, which must be there.</summary>
    public JsonElement Get(string name) => Find(name) ?? throw new VectorException($"'{name}' is missing.");

    /// <summary>The object of that name, which must be there.</summary>
    public VectorFields Object(string name) => Get(name) is { ValueKind: JsonValueKind.Object } inner
        ? new(inner)
        : throw new VectorException($"'{name}' is no object.");

    /// <summary>The items of a list; none if it is not there.</summary>
    public IEnumerable<VectorFields> List(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(static item => new VectorFields(item)),
        _ => throw new VectorException($"'{name}' is no list."),
    };

    /// <summary>A text, or nothing if it is not there.</summary>
    public string? FindText(string name) => Find(name) is { } found ? TextOf(found, name) : null;

    /// <summary>A text, which must be there.</summary>
    public string Text(string name) => TextOf(Get(name), name);

    /// <summary>A whole number from 0, which must be there.</summary>
    public int Number(string name) =>
        Get(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out var number) && number >= 0
            ? number
            : throw new VectorException($"'{name}' is no whole number from 0.");

    /// <summary>Bytes in hex, or nothing if they are not there.</summary>
    public byte[]? FindHex(string name) => FindText(name) is { } text ? HexOf(text, name) : null;

    /// <summary>Bytes in hex, which must be there.</summary>
    public byte[] Hex(string name) => HexOf(Text(name), name);

    /// <summary>Reads hex in either case; blanks, dashes and colons between the digits are passed over.</summary>
    public static byte[] HexOf(string text, string name)
    {
        try
        {
            return Convert.FromHexString(string.Concat(text.Where(static c => c is not ('-' or ' ' or ':'))));
        }
        catch (FormatException)
        {
            throw new VectorException($"'{name}' is not hex.");
        }
    }

    private static string TextOf(JsonElement found, string name) => found.ValueKind == JsonValueKind.String
        ? found.GetString()!
        : throw new VectorException($"'{name}' is no text.");
}
