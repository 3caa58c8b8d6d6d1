using System.Buffers;
using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Peer.Store.Incarnations;

/// <summary>What the file beside a database says: where the database was written last, and how much of it may be known elsewhere.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Boot">Its boot.</param>
/// <param name="File">The file.</param>
/// <param name="ClosedAt">When the file changed last before it was closed in good order; nothing while it is open.</param>
/// <param name="IsFull">Whether an acknowledged write outlives a power cut.</param>
/// <param name="Log">The log of this device that was sent from last; zero for none.</param>
/// <param name="Seq">How many changes of it may have been sent.</param>
internal sealed record IncarnationRecord(string Machine, string Boot, string File, long? ClosedAt, bool IsFull, LogId Log, ulong Seq)
{
    /// <summary>The size in bytes: one sector, so that it is written whole or not at all.</summary>
    public const int Size = 512;

    private const ulong Version = 1;
    private const int ChecksumSize = 8;

    /// <summary>Its bytes: the record, zeros, and the first bytes of the SHA-256 of both.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(Size);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(9);
        writer.Write(Version);
        writer.Write(Machine);
        writer.Write(Boot);
        writer.Write(File);
        writer.Write(ClosedAt is not null);
        writer.Write(ClosedAt ?? 0);
        writer.Write(IsFull);
        writer.Write(Log.ToArray());
        writer.Write(Seq);
        var bytes = new byte[Size];
        output.WrittenSpan.CopyTo(bytes.AsSpan(0, Size - ChecksumSize));
        Checksum(bytes).CopyTo(bytes.AsSpan(Size - ChecksumSize));
        return bytes;
    }

    /// <summary>Reads its bytes.</summary>
    /// <returns>Nothing if they are damaged or of a newer version.</returns>
    public static IncarnationRecord? TryRead(byte[] bytes)
    {
        if (bytes.Length != Size || !Checksum(bytes).AsSpan().SequenceEqual(bytes.AsSpan(Size - ChecksumSize)))
        {
            return null;
        }

        try
        {
            var reader = new MessagePackReader(bytes);
            reader.ReadArrayHeaderExactly(9);
            if (reader.ReadUInt64() != Version)
            {
                return null;
            }

            var (machine, boot, file) = (ReadText(ref reader), ReadText(ref reader), ReadText(ref reader));
            var isClosed = reader.ReadBoolean();
            var closedAt = reader.ReadInt64();
            var isFull = reader.ReadBoolean();
            return new(
                machine, boot, file, isClosed ? closedAt : null, isFull, LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size)), reader.ReadUInt64());
        }
        catch (EncodingException)
        {
            return null;
        }
    }

    private static string ReadText(ref MessagePackReader reader) => reader.ReadString(PlaceFacts.TextBytesMax);

    private static byte[] Checksum(byte[] bytes) => SHA256.HashData(bytes.AsSpan(0, Size - ChecksumSize))[..ChecksumSize];
}
