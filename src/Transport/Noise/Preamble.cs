using System.Buffers;
using System.Text;

namespace Replica.Transport.Noise;

/// <summary>The ten bytes with which an initiator opens a stream, and the prologue of both sides.</summary>
internal static class Preamble
{
    /// <summary>The length in bytes.</summary>
    public const int SizeBytes = 10;

    private const int NameBytes = 8;

    /// <summary>The bytes of version 1.</summary>
    public static ReadOnlySpan<byte> Bytes => "replica/1\n"u8;

    /// <summary>Takes the preamble off the front of <paramref name="input"/>, or refuses it as soon as it is wrong.</summary>
    /// <returns>False when more bytes are needed; nothing is then consumed.</returns>
    /// <exception cref="HandshakeException">It is another version, or no Replica at all.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> input)
    {
        Span<byte> came = stackalloc byte[SizeBytes];
        came = came[..(int)Math.Min(input.Length, SizeBytes)];
        input.Slice(0, came.Length).CopyTo(came);
        var named = Math.Min(came.Length, NameBytes);
        if (!came[..named].SequenceEqual(Bytes[..named]))
        {
            throw NotAReplica();
        }

        if (came.Length < SizeBytes)
        {
            return false;
        }

        if (!came.SequenceEqual(Bytes))
        {
            throw OtherVersion(came[NameBytes..]);
        }

        input = input.Slice(SizeBytes);
        return true;
    }

    private static HandshakeException NotAReplica() =>
        new(HandshakeFailure.NotAReplica, "What connected is not a Replica; it was closed without an answer.");

    private static HandshakeException OtherVersion(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var version = end < 0 ? rest : rest[..end];
        if (version.IsEmpty || version.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return NotAReplica();
        }

        var text = Encoding.ASCII.GetString(version);
        return new HandshakeException(
            HandshakeFailure.OtherVersion,
            $"The other side speaks version {text} of the protocol; this one speaks version 1. Update the older of the two.")
        {
            OtherVersion = text,
        };
    }
}
