using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Values;

/// <summary>One value of a field. Immutable; equal values have equal bytes. The default is null.</summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly long _bits;
    private readonly object? _content;

    private Value(ValueKind kind, long bits, object? content = null)
    {
        Kind = kind;
        _bits = bits;
        _content = content;
    }

    /// <summary>The value null.</summary>
    public static Value Null => default;

    /// <summary>Which kind it is; only the accessor of that kind may be called.</summary>
    public ValueKind Kind { get; }

    /// <summary>A truth value.</summary>
    public static Value From(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    /// <summary>An integer.</summary>
    public static Value From(long value) => new(ValueKind.Integer, value);

    /// <summary>A double; every NaN becomes the one NaN.</summary>
    public static Value From(double value) =>
        new(ValueKind.Double, BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? NotANumber : value));

    /// <summary>A text.</summary>
    public static Value From(string value) => new(ValueKind.String, 0, value);

    /// <summary>Bytes; the array must not be changed afterwards.</summary>
    public static Value From(byte[] value) => new(ValueKind.Bytes, 0, value);

    /// <summary>A point in time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its nanoseconds are negative or make up a second.</exception>
    public static Value From(Instant value) => value.Nanoseconds is >= 0 and < Instant.NanosecondsPerSecond
        ? new(ValueKind.Timestamp, value.Seconds, value.Nanoseconds)
        : throw new ArgumentOutOfRangeException(
            nameof(value), $"{value.Nanoseconds} nanoseconds were given; 0 to {Instant.NanosecondsPerSecond - 1} are allowed.");

    /// <summary>A reference to a node by its id.</summary>
    public static Value Reference(string nodeId) => new(ValueKind.NodeReference, 0, nodeId);

    /// <summary>A list of values.</summary>
    public static Value From(IReadOnlyList<Value> items) => new(ValueKind.Array, 0, items);

    /// <summary>Values by name; order of insertion does not matter.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public static Value From(IEnumerable<KeyValuePair<string, Value>> pairs)
    {
        var sorted = pairs.ToArray();
        Array.Sort(sorted, static (a, b) => Utf8Order.Instance.Compare(a.Key, b.Key));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Key == sorted[i - 1].Key)
            {
                throw new ArgumentException($"The name '{sorted[i].Key}' stands twice; each may stand once.", nameof(pairs));
            }
        }

        return new(ValueKind.Map, 0, sorted);
    }

    /// <summary>A set field as it shows: each value once, in any order. It can't be written as a value.</summary>
    /// <exception cref="EncodingException">A value breaks a limit, or is a set itself.</exception>
    public static Value SetOf(IEnumerable<Value> values)
    {
        var sorted = new SortedDictionary<byte[], Value>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (var value in values)
        {
            sorted[ValueCodec.ToBytes(value)] = value;
        }

        return SetOfSorted([.. sorted.Values]);
    }

    /// <summary>A counter field as it is exported, told from an integer. It can't be written as a value.</summary>
    public static Value CounterOf(long value) => new(ValueKind.Counter, value);

    /// <summary>A set of values that are in order already.</summary>
    internal static Value SetOfSorted(Value[] values) => new(ValueKind.Set, 0, values);

    /// <summary>The truth value.</summary>
    public bool AsBoolean() => Is(ValueKind.Boolean)._bits != 0;

    /// <summary>The integer.</summary>
    public long AsInteger() => Is(ValueKind.Integer)._bits;

    /// <summary>The double.</summary>
    public double AsDouble() => BitConverter.Int64BitsToDouble(Is(ValueKind.Double)._bits);

    /// <summary>The text.</summary>
    public string AsString() => (string)Is(ValueKind.String)._content!;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> AsBytes() => (byte[])Is(ValueKind.Bytes)._content!;

    /// <summary>The point in time.</summary>
    public Instant AsTimestamp() => new(Is(ValueKind.Timestamp)._bits, (int)_content!);

    /// <summary>The id of the node referred to.</summary>
    public string AsNodeReference() => (string)Is(ValueKind.NodeReference)._content!;

    /// <summary>The items.</summary>
    public IReadOnlyList<Value> AsArray() => (IReadOnlyList<Value>)Is(ValueKind.Array)._content!;

    /// <summary>The values of a set field as it shows, ascending by their canonical bytes.</summary>
    public IReadOnlyList<Value> AsSet() => (Value[])Is(ValueKind.Set)._content!;

    /// <summary>What the counter field shows.</summary>
    public long AsCounter() => Is(ValueKind.Counter)._bits;

    /// <summary>The pairs, names ascending by UTF-8 bytes.</summary>
    public IReadOnlyList<KeyValuePair<string, Value>> AsMap() =>
        (KeyValuePair<string, Value>[])Is(ValueKind.Map)._content!;

    /// <inheritdoc/>
    public bool Equals(Value other) => Kind == other.Kind && _bits == other._bits && Kind switch
    {
        ValueKind.String or ValueKind.NodeReference => (string)_content! == (string)other._content!,
        ValueKind.Bytes => ((byte[])_content!).AsSpan().SequenceEqual((byte[])other._content!),
        ValueKind.Timestamp => (int)_content! == (int)other._content!,
        ValueKind.Array => AsArray().SequenceEqual(other.AsArray()),
        ValueKind.Map => AsMap().SequenceEqual(other.AsMap()),
        ValueKind.Set => AsSet().SequenceEqual(other.AsSet()),
        _ => true,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ValueKind.String or ValueKind.NodeReference => HashCode.Combine(Kind, (string)_content!),
        ValueKind.Bytes => HashCode.Combine(Kind, ((byte[])_content!).Length),
        ValueKind.Array => HashCode.Combine(Kind, AsArray().Count),
        ValueKind.Map => HashCode.Combine(Kind, AsMap().Count),
        ValueKind.Set => HashCode.Combine(Kind, AsSet().Count),
        _ => HashCode.Combine(Kind, _bits),
    };

    /// <summary>The value as canonical JSON.</summary>
    public override string ToString() => ValueJson.ToString(this);

    /// <summary>Equal in kind and content.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Different in kind or content.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    private static double NotANumber => BitConverter.UInt64BitsToDouble(0x7ff8_0000_0000_0000UL);

    private Value Is(ValueKind kind) =>
        Kind == kind ? this : throw new InvalidOperationException($"The value is a {Kind}, not a {kind}: ask for its Kind first.");
}
