using System.Buffers;
using System.IO.Compression;
using Replica.Crdt.Encoding;

namespace Replica.Peer.Sync;

/// <summary>A body in compressed form: <c>[64, size, block]</c>, the block being a Brotli stream filled up with zero bytes.</summary>
/// <remarks>
/// The length of a block is the least multiple of 256 that holds the stream and is no less than a 64th of the size:
/// so a listener learns little from it, and a receiver can bound what it unpacks before it does.
/// </remarks>
internal static class PackedBlock
{
    /// <summary>Level 1: more bytes a second than any link here takes; see docs/decisions/0006-compression.md.</summary>
    private const int Quality = 1;

    /// <summary>The window as a power of two: covers the longest body.</summary>
    private const int WindowBits = 21;

    /// <summary>Writes the packed message.</summary>
    /// <returns>False if the body is short or would not become shorter; nothing is written then.</returns>
    public static bool TryWrite(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        if (body.Length is < SyncLimits.PackedSizeMin or > SyncLimits.BodyBytesMax)
        {
            return false;
        }

        var block = ArrayPool<byte>.Shared.Rent(body.Length);
        try
        {
            if (!BrotliEncoder.TryCompress(body, block.AsSpan(0, body.Length), out var stream, Quality, WindowBits))
            {
                return false;
            }

            var length = BlockLength(stream, body.Length);
            if (length >= body.Length)
            {
                return false;
            }

            block.AsSpan(stream, length - stream).Clear();
            var writer = new MessagePackWriter(output);
            writer.WriteArrayHeader(3);
            writer.Write((long)SyncMessageNumber.Packed);
            writer.Write((long)body.Length);
            writer.Write(block.AsSpan(0, length));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
        }
    }

    /// <summary>Takes size and block and unpacks them.</summary>
    /// <exception cref="EncodingException">A limit is broken, the stream is damaged or of another size, or the filling is not as due.</exception>
    public static byte[] Read(ref MessagePackReader reader)
    {
        var size = reader.ReadInt32(SyncLimits.BodyBytesMax);
        var block = reader.ReadBinary(SyncLimits.BodyBytesMax);
        if (size < SyncLimits.PackedSizeMin)
        {
            throw reader.Error($"{size} bytes are packed; bodies under {SyncLimits.PackedSizeMin} go as they are");
        }

        if (size > (long)block.Length * SyncLimits.PackedRatioMax)
        {
            throw reader.Error($"{block.Length} bytes claim to hold {size}; at most {SyncLimits.PackedRatioMax} times as many are allowed");
        }

        var body = new byte[size];
        var (status, stream, written) = Decompress(block, body);
        if (status != OperationStatus.Done || written != size)
        {
            throw reader.Error($"the packed block does not hold the {size} bytes that it claims ({status} after {written})");
        }

        if (block.Length != BlockLength(stream, size) || block[stream..].ContainsAnyExcept((byte)0))
        {
            throw reader.Error("the packed block is not filled up as it is due");
        }

        return body;
    }

    private static (OperationStatus Status, int Stream, int Written) Decompress(ReadOnlySpan<byte> block, Span<byte> body)
    {
        // Not a using variable: that one is read-only, and a mutable struct would be disposed of as it was at first.
        var decoder = default(BrotliDecoder);
        try
        {
            var status = decoder.Decompress(block, body, out var stream, out var written);
            return (status, stream, written);
        }
        finally
        {
            decoder.Dispose();
        }
    }

    private static int BlockLength(int stream, int size)
    {
        var least = Math.Max(stream, (size + SyncLimits.PackedRatioMax - 1) / SyncLimits.PackedRatioMax);
        return (least + SyncLimits.PackedBlockBytes - 1) / SyncLimits.PackedBlockBytes * SyncLimits.PackedBlockBytes;
    }
}
