using Replica.Crdt.Values;

namespace Replica.Testing.Histories;

/// <summary>Random values of every kind, with a liking for the edges of each kind.</summary>
public static class ValueGenerator
{
    private static readonly long[] Integers =
        [0, 1, -1, -32, -33, 127, 128, -128, -129, 255, 256, 65_535, 65_536, int.MinValue, uint.MaxValue, long.MinValue, long.MaxValue];

    private static readonly double[] Doubles =
        [0.0, -0.0, 1.0, -1.5, 1e16, 1e-7, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly string[] Texts = ["", "a", "ä", "\u0000", "\"\\\n", "\uffee", "😀", "$map", "$int", "e\u0301", "\u007f"];

    private static readonly long[] Seconds =
        [0, 1, -1, uint.MaxValue, 1L + uint.MaxValue, (1L << 34) - 1, 1L << 34, 253_402_300_799, 253_402_300_800, long.MinValue, long.MaxValue];

    /// <summary>A value of any kind.</summary>
    /// <param name="chance">Where it is drawn from.</param>
    /// <param name="levels">How deep arrays and maps may nest; 0 for none.</param>
    public static Value Next(Chance chance, int levels = 2)
    {
        switch ((ValueKind)chance.Below(levels > 0 ? 10 : 8))
        {
            case ValueKind.Null:
                return Value.Null;
            case ValueKind.Boolean:
                return Value.From(chance.Percent(50));
            case ValueKind.Integer:
                return Value.From(chance.Percent(50) ? chance.Pick(Integers) : unchecked((long)chance.Next()));
            case ValueKind.Double:
                return Value.From(chance.Percent(50) ? chance.Pick(Doubles) : BitConverter.UInt64BitsToDouble(chance.Next()));
            case ValueKind.String:
                return Value.From(Text(chance));
            case ValueKind.Bytes:
                return Value.From(chance.Bytes(chance.Below(5)));
            case ValueKind.Timestamp:
                return Value.From(new Instant(chance.Pick(Seconds), chance.Percent(50) ? 0 : chance.Below(Instant.NanosecondsPerSecond)));
            case ValueKind.NodeReference:
                return Value.Reference("n" + Text(chance));
            case ValueKind.Array:
                return Value.From([.. Enumerable.Range(0, chance.Below(4)).Select(_ => Next(chance, levels - 1))]);
            default:
                var pairs = new Dictionary<string, Value>();
                for (var left = chance.Below(4); left > 0; left--)
                {
                    pairs[Text(chance)] = Next(chance, levels - 1);
                }

                return Value.From(pairs);
        }
    }

    /// <summary>A short text with a liking for the odd.</summary>
    public static string Text(Chance chance) => chance.Pick(Texts) + (chance.Percent(30) ? chance.Pick(Texts) : "");
}
