using System.Buffers.Binary;

namespace Replica.Transport.Relay;

/// <summary>Takes the fields of a relay frame off the front of its body.</summary>
/// <param name="body">The body, kept by the frame that is read from it.</param>
internal ref struct RelayFrameReader(ReadOnlyMemory<byte> body)
{
    private ReadOnlyMemory<byte> _rest = body;

    /// <summary>The next bytes.</summary>
    /// <exception cref="RelayException">There are fewer.</exception>
    public ReadOnlyMemory<byte> Bytes(int count)
    {
        if (_rest.Length < count)
        {
            throw new RelayException($"A field of {count} bytes is due, and {_rest.Length} are left of the frame.");
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>A routing key.</summary>
    /// <exception cref="RelayException">There are too few bytes.</exception>
    public DeviceKey Key() => DeviceKey.FromBytes(Bytes(DeviceKey.SizeBytes).Span);

    /// <summary>A number of one byte.</summary>
    /// <exception cref="RelayException">It is not there or out of range.</exception>
    public byte Number8(byte min, byte max) => Bytes(1).Span[0] is var number && number >= min && number <= max
        ? number
        : throw new RelayException($"{number} stands where {min} to {max} is allowed.");

    /// <summary>A number of two bytes.</summary>
    /// <exception cref="RelayException">It is not there or out of range.</exception>
    public int Number16(int min, int max) =>
        BinaryPrimitives.ReadUInt16BigEndian(Bytes(2).Span) is var number && number >= min && number <= max
            ? number
            : throw new RelayException($"{number} stands where {min} to {max} is allowed.");

    /// <summary>A number of eight bytes.</summary>
    /// <exception cref="RelayException">There are too few bytes.</exception>
    public ulong Number64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8).Span);

    /// <summary>A sealed entry behind its length.</summary>
    /// <exception cref="RelayException">It is not there or too long.</exception>
    public ReadOnlyMemory<byte> Sealed() => Bytes(Number16(1, RelayFrame.SealedBytesMax));

    /// <summary>Sealed entries behind their count.</summary>
    /// <exception cref="RelayException">There are too many, or one is too long.</exception>
    public ReadOnlyMemory<byte>[] Entries()
    {
        var entries = new ReadOnlyMemory<byte>[Number8(0, RelayFrame.EntriesMax)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = Sealed();
        }

        return entries;
    }

    /// <summary>Nothing may be left.</summary>
    /// <exception cref="RelayException">Something is.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new RelayException($"{_rest.Length} bytes are left after the last field of a relay frame.");
        }
    }
}
