using System.Buffers.Binary;
using System.Numerics;
using Replica.Transport.Noise;

namespace Replica.Testing.Vectors;

/// <summary>BLAKE2b with a hash of 64 bytes, for the published vectors of suites that use it. No session does.</summary>
/// <remarks>Source: [RFC7693] 3, without key, salt and personalisation; HMAC: [RFC2104] 2.</remarks>
internal sealed class Blake2bHash : NoiseHash
{
    private const int BlockBytes = 128;
    private const int Rounds = 12;

    private Blake2bHash()
    {
    }

    /// <summary>The one instance; it holds no state.</summary>
    public static Blake2bHash Instance { get; } = new();

    /// <inheritdoc/>
    public override int Length => 64;

    /// <inheritdoc/>
    public override string Name => "BLAKE2b";

    private static ReadOnlySpan<ulong> Start =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        byte[] input = [.. first, .. second];
        Span<ulong> state = stackalloc ulong[8];
        Span<byte> block = stackalloc byte[BlockBytes];
        Start.CopyTo(state);
        state[0] ^= 0x01010000 ^ (ulong)Length;
        var done = 0;
        do
        {
            var length = Math.Min(BlockBytes, input.Length - done);
            block.Clear();
            input.AsSpan(done, length).CopyTo(block);
            done += length;
            Compress(state, block, (ulong)done, isLast: done == input.Length);
        }
        while (done < input.Length);

        for (var index = 0; index < state.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(index * sizeof(ulong))..], state[index]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Keys here are at most a hash long, shorter than a block.</remarks>
    public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<byte> inner = stackalloc byte[BlockBytes];
        Span<byte> outer = stackalloc byte[BlockBytes];
        inner.Fill(0x36);
        outer.Fill(0x5c);
        for (var index = 0; index < key.Length; index++)
        {
            inner[index] ^= key[index];
            outer[index] ^= key[index];
        }

        Span<byte> digest = stackalloc byte[LengthMax];
        Hash(inner, data, digest);
        Hash(outer, digest, destination);
    }

    private static void Compress(Span<ulong> state, ReadOnlySpan<byte> block, ulong count, bool isLast)
    {
        Span<ulong> words = stackalloc ulong[16];
        Span<ulong> v = stackalloc ulong[16];
        for (var index = 0; index < words.Length; index++)
        {
            words[index] = BinaryPrimitives.ReadUInt64LittleEndian(block[(index * sizeof(ulong))..]);
        }

        state.CopyTo(v);
        Start.CopyTo(v[8..]);
        v[12] ^= count;
        v[14] ^= isLast ? ulong.MaxValue : 0;
        for (var round = 0; round < Rounds; round++)
        {
            var order = Schedule.Slice(round % 10 * 16, 16);
            for (var column = 0; column < 4; column++)
            {
                Mix(v, column, 4 + column, 8 + column, 12 + column, words[order[2 * column]], words[order[(2 * column) + 1]]);
            }

            for (var diagonal = 0; diagonal < 4; diagonal++)
            {
                Mix(
                    v, diagonal, 4 + ((diagonal + 1) % 4), 8 + ((diagonal + 2) % 4), 12 + ((diagonal + 3) % 4),
                    words[order[8 + (2 * diagonal)]], words[order[9 + (2 * diagonal)]]);
            }
        }

        for (var index = 0; index < state.Length; index++)
        {
            state[index] ^= v[index] ^ v[index + 8];
        }
    }

    private static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        unchecked
        {
            v[a] += v[b] + x;
            v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
            v[c] += v[d];
            v[b] = BitOperations.RotateRight(v[b] ^ v[c], 24);
            v[a] += v[b] + y;
            v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
            v[c] += v[d];
            v[b] = BitOperations.RotateRight(v[b] ^ v[c], 63);
        }
    }
}
