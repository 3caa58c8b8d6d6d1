namespace Replica.Peer.Sync;

/// <summary>Unsigned LEB128 of at most 32 bits, only in its shortest form.</summary>
internal static class Leb128
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int BytesMax = 5;

    /// <summary>How many bytes <paramref name="value"/> takes.</summary>
    public static int Length(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        < 1u << 28 => 4,
        _ => 5,
    };

    /// <summary>Writes <paramref name="value"/>; the room must be there.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> output, uint value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            output[at++] = (byte)((value & 0x7f) | 0x80);
            value >>= 7;
        }

        output[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads a number off the front.</summary>
    /// <returns>How many bytes it takes; 0 when the input ends inside it.</returns>
    /// <exception cref="ChannelException">It has a shorter form or more than 32 bits.</exception>
    public static int Read(ReadOnlySpan<byte> input, out uint value)
    {
        value = 0;
        for (var at = 0; at < input.Length; at++)
        {
            var part = input[at];
            if (at == BytesMax - 1 && part > 0x0f)
            {
                throw new ChannelException(ChannelFault.Number, "A number has more than 32 bits.");
            }

            value |= (part & 0x7fu) << (7 * at);
            if (part < 0x80)
            {
                return part > 0 || at == 0
                    ? at + 1
                    : throw new ChannelException(ChannelFault.Number, $"The number {value} has a shorter form than {at + 1} bytes.");
            }
        }

        return 0;
    }
}
