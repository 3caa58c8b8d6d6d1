using System.Runtime.InteropServices;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Web.Json;

/// <summary>A node's vector in JSON: written as <c>$bytes</c>, which is exact; read so, or as an array of numbers.</summary>
public static class VectorJson
{
    /// <summary>Writes it.</summary>
    internal static void Write(CanonicalJson json, VectorBytes vector) => ValueJson.Write(json, ToValue(vector));

    /// <summary>The vector as a value of bytes.</summary>
    public static Value ToValue(VectorBytes vector) =>
        Value.From(MemoryMarshal.TryGetArray(vector.Bytes, out var whole) && whole.Array!.Length == whole.Count ? whole.Array : vector.Bytes.ToArray());

    /// <summary>The vector that a value means.</summary>
    /// <exception cref="EncodingException">It is neither an array of numbers nor bytes, or too long or empty.</exception>
    public static VectorBytes Of(Value value) => value.Kind switch
    {
        ValueKind.Bytes when VectorBytes.IsLength(value.AsBytes().Length) => new(value.AsBytes()),
        ValueKind.Array when value.AsArray().Count is > 0 and <= VectorBytes.LengthMax => VectorBytes.From([.. value.AsArray().Select(NumberOf)]),
        _ => throw new EncodingException(
            $"A vector is an array of 1 to {VectorBytes.LengthMax} numbers, or as many 32-bit floats, little-endian, as $bytes."),
    };

    private static float NumberOf(Value value) => value.Kind switch
    {
        ValueKind.Integer => value.AsInteger(),
        ValueKind.Double => (float)value.AsDouble(),
        _ => throw new EncodingException($"A vector holds numbers; '{value}' is none."),
    };
}
