using System.Globalization;
using System.Text;
using System.Text.Json;
using Replica.Crdt.Values;

namespace Replica.Testing.Vectors;

/// <summary>Known values with all their MessagePack encodings: the one of the format is taken as that value, the others are refused.</summary>
internal static class KnownEncodingVectors
{
    /// <summary>Judges a file.</summary>
    public static IEnumerable<VectorVerdict> Judge(JsonElement root) =>
        from kind in root.EnumerateObject()
        where kind.Value.ValueKind == JsonValueKind.Array
        from value in kind.Value.EnumerateArray().Index()
        from encoding in new VectorFields(value.Item).List("msgpack").Index()
        let id = $"{kind.Name}/{value.Index}/{encoding.Index}"
        select VectorVerdict.Of(id, () => Judge(id, value.Item, VectorFields.HexOf(encoding.Item.Element.ToString(), "msgpack")));

    private static VectorVerdict Judge(string id, JsonElement entry, byte[] bytes)
    {
        var due = ValueOf(new VectorFields(entry));
        var strict = HostileEncodingVectors.Strict(bytes);
        var (meant, outside) = LooseEncoding.Read(bytes);
        if (outside is not null)
        {
            return strict is null
                ? VectorVerdict.Skip(id, $"format 1 has no place for {outside}")
                : VectorVerdict.Fail(id, $"it holds {outside} and was read as {LooseEncoding.Show(strict)}.");
        }

        if (due is not { } value || !IsSame(value, meant))
        {
            return VectorVerdict.Fail(id, $"the bytes say {LooseEncoding.Show(meant)}, which is not the value that is named.");
        }

        var isCanonical = LooseEncoding.Canonical(meant).AsSpan().SequenceEqual(bytes);
        return (strict, isCanonical) switch
        {
            ({ } read, true) when read == meant => VectorVerdict.Pass(id),
            (null, false) => VectorVerdict.Pass(id),
            (null, true) => VectorVerdict.Fail(id, $"it is the encoding of {LooseEncoding.Show(meant)} and was refused."),
            (_, true) => VectorVerdict.Fail(id, $"it is {LooseEncoding.Show(meant)} and was read as {LooseEncoding.Show(strict)}."),
            _ => VectorVerdict.Fail(id, $"a longer form of {LooseEncoding.Show(meant)} was taken."),
        };
    }

    /// <summary>A number of the suite stands for an integer or a double of the same value.</summary>
    private static bool IsSame(Value due, Value read) => due == read
        || (due.Kind == ValueKind.Integer && read.Kind == ValueKind.Double && read.AsDouble() == due.AsInteger());

    /// <summary>The value that an entry names; nothing for one that the format can't hold.</summary>
    private static Value? ValueOf(VectorFields entry)
    {
        // A large number stands there twice; as text it is exact.
        var (kind, value) = entry.Element.EnumerateObject().Where(static member => member.Name != "msgpack")
            .Select(static member => (member.Name, member.Value))
            .OrderByDescending(static member => member.Name == "bignum").FirstOrDefault();
        try
        {
            return kind switch
            {
                "nil" => Value.Null,
                "bool" => Value.From(value.GetBoolean()),
                "binary" => Value.From(VectorFields.HexOf(value.GetString()!, kind)),
                "string" => Value.From(value.GetString()!),
                "number" => value.TryGetInt64(out var integer) ? Value.From(integer) : Value.From(value.GetDouble()),
                "bignum" => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big)
                    ? Value.From(big)
                    : null,
                "array" or "map" => OfJson(value),
                "timestamp" => Value.From(new Instant(value[0].GetInt64(), value[1].GetInt32())),
                "ext" when value[0].GetInt32() == 1 =>
                    Value.Reference(Encoding.UTF8.GetString(VectorFields.HexOf(value[1].GetString()!, kind))),
                "ext" => null,
                _ => throw new VectorException("the entry names no value of a known kind."),
            };
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or IndexOutOfRangeException or ArgumentException)
        {
            throw new VectorException($"the '{kind}' can't be read: {fault.Message}");
        }
    }

    private static Value OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => Value.Null,
        JsonValueKind.True or JsonValueKind.False => Value.From(json.GetBoolean()),
        JsonValueKind.String => Value.From(json.GetString()!),
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? Value.From(integer) : Value.From(json.GetDouble()),
        JsonValueKind.Array => Value.From([.. json.EnumerateArray().Select(OfJson)]),
        _ => Value.From(json.EnumerateObject().Select(static pair => KeyValuePair.Create(pair.Name, OfJson(pair.Value)))),
    };
}
