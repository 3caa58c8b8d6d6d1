using System.Buffers.Binary;

namespace Replica.Transport;

/// <summary>The public half of a device's identity: an Ed25519 public key, 32 bytes, the same for every session.</summary>
/// <remarks>
/// Equality and order are those of the 32 bytes. <c>default</c> is the all-zero key: a small-order point under which no
/// signature is valid, so it can stand for "none" but never for a device. Holding one of these proves nothing; a
/// <see cref="Noise.SecureConnection"/> has checked that the other side owns the private half.
/// </remarks>
public readonly record struct DeviceKey : IComparable<DeviceKey>
{
    /// <summary>The length of a key in bytes: 32.</summary>
    public const int SizeBytes = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private DeviceKey(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Takes a key from its 32 bytes. Whether they are a usable point is judged when a signature is checked.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static DeviceKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ArgumentException($"A device key has {SizeBytes} bytes; {bytes.Length} were given.", nameof(bytes));
        }

        return new DeviceKey(bytes);
    }

    /// <summary>Reads a key from the 64 hex digits that <see cref="ToString"/> writes, in either case.</summary>
    /// <returns>False when <paramref name="text"/> is not 64 hex digits.</returns>
    public static bool TryParse(string? text, out DeviceKey key)
    {
        key = default;
        if (text is null || text.Length != SizeBytes * 2)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        key = new DeviceKey(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes of the key to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < SizeBytes)
        {
            throw new ArgumentException(
                $"A device key needs room for {SizeBytes} bytes; {destination.Length} were given.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>The 32 bytes of the key in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Orders keys as their bytes are ordered, the first byte counting most.</summary>
    public int CompareTo(DeviceKey other) =>
        (_first, _second, _third, _fourth).CompareTo((other._first, other._second, other._third, other._fourth));

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(HashCode.Combine(
        (uint)_first, (uint)(_first >> 32), (uint)_second, (uint)(_second >> 32),
        (uint)_third, (uint)(_third >> 32), (uint)_fourth, (uint)(_fourth >> 32)));

    /// <summary>64 hex digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
