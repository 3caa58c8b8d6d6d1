using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Values;

/// <summary>
/// Values as JSON that reads back exactly. What JSON can't say is a map with one name that begins with <c>$</c>:
/// <c>$int</c>, <c>$float</c> (NaN, Infinity, -Infinity, -0), <c>$bytes</c> (hex), <c>$time</c>, <c>$node</c>;
/// a set field is <c>$set</c> with an array, ascending by the values' canonical bytes, and a counter that is to be told from an
/// integer <c>$counter</c> with a number;
/// a map that has such a name itself is wrapped in <c>$map</c>.
/// </summary>
public static class ValueJson
{
    /// <summary>How deep the JSON of a value nests at most, within an object around it: a wrapped map takes two levels.</summary>
    public const int DepthMax = 2 * (ValueLimits.LevelsMax + 4);

    /// <summary>Writes one value in the canonical form.</summary>
    public static void Write(CanonicalJson json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                json.Raw("null"u8);
                break;
            case ValueKind.Boolean:
                json.Raw(value.AsBoolean() ? "true"u8 : "false"u8);
                break;
            case ValueKind.Integer:
                json.Number(value.AsInteger());
                break;
            case ValueKind.Double:
                WriteDouble(json, value.AsDouble());
                break;
            case ValueKind.String:
                json.Text(value.AsString());
                break;
            case ValueKind.Bytes:
                WriteTagged(json, "{\"$bytes\":"u8, Convert.ToHexStringLower(value.AsBytes().Span));
                break;
            case ValueKind.Timestamp:
                WriteTagged(json, "{\"$time\":"u8, value.AsTimestamp().ToString());
                break;
            case ValueKind.NodeReference:
                WriteTagged(json, "{\"$node\":"u8, value.AsNodeReference());
                break;
            case ValueKind.Array:
                WriteItems(json, value.AsArray());
                break;
            case ValueKind.Set:
                json.Raw("{\"$set\":"u8);
                WriteItems(json, value.AsSet());
                json.Raw("}"u8);
                break;
            case ValueKind.Counter:
                json.Raw("{\"$counter\":"u8);
                json.Number(value.AsCounter());
                json.Raw("}"u8);
                break;
            case ValueKind.Map:
                var wrapped = value.AsMap().Any(static pair => pair.Key.StartsWith('$'));
                json.Raw(wrapped ? "{\"$map\":"u8 : default);
                WriteMap(json, value.AsMap());
                json.Raw(wrapped ? "}"u8 : default);
                break;
        }
    }

    /// <summary>Writes names and values as one object, in the order given.</summary>
    public static void WriteMap(CanonicalJson json, IEnumerable<KeyValuePair<string, Value>> pairs)
    {
        json.Raw("{"u8);
        var first = true;
        foreach (var (name, item) in pairs)
        {
            json.Raw(first ? default : ","u8);
            json.Text(name);
            json.Raw(":"u8);
            Write(json, item);
            first = false;
        }

        json.Raw("}"u8);
    }

    /// <summary>The canonical form as text.</summary>
    public static string ToString(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(new CanonicalJson(buffer), value);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads one value from JSON text.</summary>
    /// <exception cref="EncodingException">The text is no JSON, or no value can be made of it.</exception>
    public static Value Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            _ = reader.Read();
            var value = Read(ref reader);
            return reader.Read() ? throw new EncodingException("Something follows the JSON value.") : value;
        }
        catch (JsonException fault)
        {
            throw new EncodingException($"Not valid JSON: {fault.Message}");
        }
    }

    /// <summary>Reads the value on which the reader stands; afterwards it stands on its last token.</summary>
    /// <exception cref="EncodingException">No value can be made of it.</exception>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Value Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return Value.Null;
            case JsonTokenType.True:
                return Value.From(true);
            case JsonTokenType.False:
                return Value.From(false);
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.String:
                return Value.From(JsonText.Read(ref reader));
            case JsonTokenType.StartArray:
                var items = new List<Value>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader));
                }

                return Value.From(items);
            case JsonTokenType.StartObject:
                return Untag(ReadPairs(ref reader, mayWrap: true));
            default:
                throw new EncodingException($"A value is due and {reader.TokenType} is there.");
        }
    }

    /// <summary>Reads an object as names and values without giving <c>$</c> names on its own level a meaning.</summary>
    /// <exception cref="EncodingException">A name stands twice, or a value can't be made.</exception>
    public static List<KeyValuePair<string, Value>> ReadPairs(ref Utf8JsonReader reader) => ReadPairs(ref reader, mayWrap: false);

    /// <param name="reader">Stands on the object.</param>
    /// <param name="mayWrap">Whether the object may be a wrapper, so that what is in its <c>$map</c> is read without meaning.</param>
    private static List<KeyValuePair<string, Value>> ReadPairs(ref Utf8JsonReader reader, bool mayWrap)
    {
        var pairs = new List<KeyValuePair<string, Value>>();
        HashSet<string>? names = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            if (names is null && pairs.Count > 0 && Utf8Order.Instance.Compare(pairs[^1].Key, name) >= 0)
            {
                // What ascends can't stand twice; canonical JSON always does.
                names = [.. pairs.Select(static pair => pair.Key)];
            }

            if (names is not null && !names.Add(name))
            {
                throw new EncodingException($"The name '{name}' stands twice in one object.");
            }

            _ = reader.Read();
            pairs.Add(new(name, mayWrap && name == "$map" && pairs.Count == 0 && reader.TokenType == JsonTokenType.StartObject
                ? Value.From(ReadPairs(ref reader))
                : Read(ref reader)));
        }

        return pairs;
    }

    private static Value ReadNumber(ref Utf8JsonReader reader)
    {
        if (!reader.ValueSpan.ContainsAny(".eE"u8))
        {
            return reader.TryGetInt64(out var integer)
                ? Value.From(integer)
                : throw new EncodingException("An integer is outside -2^63 to 2^63 - 1; write it as a text or with a point.");
        }

        var number = reader.GetDouble();
        return double.IsFinite(number) ? Value.From(number) : throw new EncodingException("A number is too great for a double.");
    }

    private static void WriteItems(CanonicalJson json, IReadOnlyList<Value> items)
    {
        json.Raw("["u8);
        var first = true;
        foreach (var item in items)
        {
            json.Raw(first ? default : ","u8);
            Write(json, item);
            first = false;
        }

        json.Raw("]"u8);
    }

    private static void WriteDouble(CanonicalJson json, double value)
    {
        if (double.IsFinite(value) && !(value == 0 && double.IsNegative(value)))
        {
            json.Number(value);
            return;
        }

        WriteTagged(json, "{\"$float\":"u8, value switch
        {
            double.PositiveInfinity => "Infinity",
            double.NegativeInfinity => "-Infinity",
            0 => "-0",
            _ => "NaN",
        });
    }

    private static void WriteTagged(CanonicalJson json, ReadOnlySpan<byte> head, string text)
    {
        json.Raw(head);
        json.Text(text);
        json.Raw("}"u8);
    }

    private static Value Untag(List<KeyValuePair<string, Value>> pairs)
    {
        if (pairs.Count == 0 || pairs.TrueForAll(static pair => !pair.Key.StartsWith('$')))
        {
            return Value.From((IEnumerable<KeyValuePair<string, Value>>)pairs);
        }

        var (tag, inner) = pairs[0];
        if (pairs.Count == 1)
        {
            if (tag == "$map" && inner.Kind == ValueKind.Map)
            {
                return inner;
            }

            if (tag == "$set" && inner.Kind == ValueKind.Array)
            {
                return Value.SetOf(inner.AsArray());
            }

            if (tag == "$counter" && inner.Kind == ValueKind.Integer)
            {
                return Value.CounterOf(inner.AsInteger());
            }

            if (inner.Kind == ValueKind.String && TryUntag(tag, inner.AsString()) is { } value)
            {
                return value;
            }
        }

        throw new EncodingException(
            $"The object with '{tag}' is none of $int, $float, $bytes, $time, $node with a text, nor $set with an array "
            + "or $counter with an integer: wrap a map that has names with $ in $map.");
    }

    private static Value? TryUntag(string tag, string text) => tag switch
    {
        "$int" => long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, null, out var integer)
            ? Value.From(integer)
            : null,
        "$float" => text switch
        {
            "NaN" => Value.From(double.NaN),
            "Infinity" => Value.From(double.PositiveInfinity),
            "-Infinity" => Value.From(double.NegativeInfinity),
            "-0" => Value.From(-0.0),
            _ => double.TryParse(text, out var number) && double.IsFinite(number) ? Value.From(number) : null,
        },
        "$bytes" => TryHex(text),
        "$time" => Instant.TryParse(text, out var instant) ? Value.From(instant) : null,
        "$node" => text.Length > 0 ? Value.Reference(text) : null,
        _ => null,
    };

    private static Value? TryHex(string text)
    {
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        return Value.From(Convert.FromHexString(text));
    }
}
