using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Testing.Scenarios;

/// <summary>Takes the parts of a step by name; one that is missing or of another kind is a fault of the scenario.</summary>
/// <param name="step">The JSON object.</param>
internal readonly struct StepReader(JsonElement step)
{
    /// <summary>Whether there is a part of this name.</summary>
    public bool Has(string name) => step.ValueKind == JsonValueKind.Object && step.TryGetProperty(name, out _);

    /// <summary>A part as it stands.</summary>
    public JsonElement Part(string name) => step.ValueKind == JsonValueKind.Object && step.TryGetProperty(name, out var part)
        ? part
        : throw new ScenarioException($"The part '{name}' is missing in {Shorten(step)}.");

    /// <summary>A text.</summary>
    public string Text(string name) => TextOf(Part(name), name);

    /// <summary>A text; nothing where the part is missing or null.</summary>
    public string? TextOrNothing(string name) => Has(name) && Part(name).ValueKind != JsonValueKind.Null ? Text(name) : null;

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. Items(name).Select(item => TextOf(item, name))];

    /// <summary>The items of a list.</summary>
    public IEnumerable<JsonElement> Items(string name) => Part(name) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
        : throw new ScenarioException($"The part '{name}' is no list in {Shorten(step)}.");

    /// <summary>A whole number.</summary>
    public long Number(string name) => Part(name) is { ValueKind: JsonValueKind.Number } part && part.TryGetInt64(out var number)
        ? number
        : throw new ScenarioException($"The part '{name}' is no whole number in {Shorten(step)}.");

    /// <summary>A whole number; nothing where the part is missing.</summary>
    public long? NumberOrNothing(string name) => Has(name) ? Number(name) : null;

    /// <summary>True or false.</summary>
    public bool Truth(string name) => Part(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ScenarioException($"The part '{name}' is neither true nor false in {Shorten(step)}."),
    };

    /// <summary>A value of a field.</summary>
    public Value Value(string name) => ValueOf(Part(name));

    /// <summary>Fields with their values; none where the part is missing.</summary>
    public IReadOnlyList<KeyValuePair<string, Value>> Fields(string name) => Has(name) ? FieldsOf(Part(name)) : [];

    /// <summary>An edge without a key: from, relation, to.</summary>
    public Target.Edge Edge(string name) => EdgeOf(Part(name));

    /// <summary>The fields of an object; names have no meaning beyond themselves.</summary>
    public static IReadOnlyList<KeyValuePair<string, Value>> FieldsOf(JsonElement part) => part.ValueKind == JsonValueKind.Object
        ? [.. part.EnumerateObject().Select(static field => new KeyValuePair<string, Value>(field.Name, ValueOf(field.Value)))]
        : throw new ScenarioException($"Fields are no object in {Shorten(part)}.");

    /// <summary>From, relation, to.</summary>
    public static Target.Edge EdgeOf(JsonElement part)
    {
        var ends = part.ValueKind == JsonValueKind.Array ? part.EnumerateArray().Select(static end => TextOf(end, "edge")).ToArray() : [];
        return ends.Length == 3
            ? new(ends[0], ends[1], ends[2])
            : throw new ScenarioException($"An edge is [from, relation, to], not {Shorten(part)}.");
    }

    private static Value ValueOf(JsonElement part)
    {
        try
        {
            return ValueJson.Parse(System.Text.Encoding.UTF8.GetBytes(part.GetRawText()));
        }
        catch (EncodingException fault)
        {
            throw new ScenarioException($"No value can be made of {Shorten(part)}: {fault.Message}");
        }
    }

    private static string TextOf(JsonElement part, string name) => part.ValueKind == JsonValueKind.String
        ? part.GetString()!
        : throw new ScenarioException($"The part '{name}' is no text: {Shorten(part)}.");

    private static string Shorten(JsonElement part) => part.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : part.GetRawText();
}
