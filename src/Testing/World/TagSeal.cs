using System.Buffers.Binary;

namespace Replica.Testing.World;

/// <summary>Stands in for a Noise session: a counter and a tag of 8 bytes. Keeps out accidents, not liars.</summary>
internal sealed class TagSeal : ILinkSeal
{
    private const int TagBytes = sizeof(ulong);

    private ulong _closed;
    private ulong _opened;

    public byte[] Close(ReadOnlySpan<byte> plaintext)
    {
        var wire = new byte[plaintext.Length + TagBytes];
        plaintext.CopyTo(wire);
        BinaryPrimitives.WriteUInt64BigEndian(wire.AsSpan(plaintext.Length), Tag(plaintext, _closed++));
        return wire;
    }

    public byte[]? Open(byte[] wire)
    {
        if (wire.Length < TagBytes)
        {
            return null;
        }

        var plaintext = wire[..^TagBytes];
        return BinaryPrimitives.ReadUInt64BigEndian(wire.AsSpan(plaintext.Length)) == Tag(plaintext, _opened++) ? plaintext : null;
    }

    private static ulong Tag(ReadOnlySpan<byte> bytes, ulong number)
    {
        unchecked
        {
            var state = (number * 0x9E3779B97F4A7C15) ^ (ulong)bytes.Length;
            for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            {
                state = Mix(state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            }

            foreach (var rest in bytes)
            {
                state = Mix(state ^ rest);
            }

            return Mix(state);
        }
    }

    private static ulong Mix(ulong state)
    {
        unchecked
        {
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            return state ^ (state >> 27);
        }
    }
}
