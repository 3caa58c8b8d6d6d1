namespace Replica.Crdt.Tree;

/// <summary>
/// The numbers inside positions: signed, shortest, and in an order of bytes that is the order of the numbers.
/// -64 to 63 is one byte; further out, one byte says the sign and the length, and the distance follows.
/// </summary>
internal static class PositionNumber
{
    /// <summary>The longest form in bytes.</summary>
    public const int BytesMax = 1 + sizeof(long);

    private const byte Zero = 0x80;
    private const int OneByteLeast = -64;
    private const int OneByteGreatest = 63;
    private const byte FirstAbove = 0xC0;
    private const byte FirstBelow = 0x3F;

    /// <summary>Writes a number to the front of <paramref name="destination"/>.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(long number, Span<byte> destination)
    {
        if (number is >= OneByteLeast and <= OneByteGreatest)
        {
            destination[0] = (byte)(number + Zero);
            return 1;
        }

        var isAbove = number > 0;
        var distance = isAbove ? (ulong)(number - OneByteGreatest - 1) : (ulong)(OneByteLeast - 1 - number);
        var length = LengthOf(distance);
        destination[0] = (byte)(isAbove ? FirstAbove + (length - 1) : FirstBelow - (length - 1));
        var bits = isAbove ? distance : ~distance;
        for (var i = length; i > 0; i--)
        {
            destination[i] = (byte)(bits & 0xff);
            bits >>= 8;
        }

        return 1 + length;
    }

    /// <summary>Reads the number at the front of <paramref name="source"/>.</summary>
    /// <returns>False where there is none in its shortest form that fits 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out long number, out int taken)
    {
        number = 0;
        taken = 1;
        if (source.IsEmpty)
        {
            return false;
        }

        var first = source[0];
        if (first is > FirstBelow and < FirstAbove)
        {
            number = first - Zero;
            return true;
        }

        var isAbove = first >= FirstAbove;
        var length = (isAbove ? first - FirstAbove : FirstBelow - first) + 1;
        if (length > sizeof(long) || source.Length <= length)
        {
            return false;
        }

        ulong distance = 0;
        foreach (var part in source.Slice(1, length))
        {
            distance = (distance << 8) | (isAbove ? part : (uint)(part ^ 0xff));
        }

        taken = 1 + length;
        var distanceMax = isAbove ? (ulong)(long.MaxValue - OneByteGreatest - 1) : (ulong)(OneByteLeast - 1 - long.MinValue);
        if (distance > distanceMax || LengthOf(distance) != length)
        {
            return false;
        }

        number = isAbove ? OneByteGreatest + 1 + (long)distance : OneByteLeast - 1 - (long)distance;
        return true;
    }

    private static int LengthOf(ulong distance)
    {
        var length = 1;
        while ((distance >>= 8) > 0)
        {
            length++;
        }

        return length;
    }
}
