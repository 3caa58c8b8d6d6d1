using Org.BouncyCastle.Crypto.Digests;
using Replica.Transport.Noise;

namespace Replica.Tests.Properties.Transport;

/// <summary>BLAKE2b, for the published vectors of suites that use it. No session does, so it is no part of the product.</summary>
internal sealed class Blake2bHash : NoiseHash
{
    private const int BlockLength = 128;

    private Blake2bHash()
    {
    }

    /// <summary>The one instance; it holds no state.</summary>
    public static Blake2bHash Instance { get; } = new();

    /// <inheritdoc/>
    public override int Length => 64;

    /// <inheritdoc/>
    public override string Name => "BLAKE2b";

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        var digest = new Blake2bDigest(Length * 8);
        digest.BlockUpdate(first.ToArray(), 0, first.Length);
        digest.BlockUpdate(second.ToArray(), 0, second.Length);
        var result = new byte[Length];
        digest.DoFinal(result, 0);
        result.CopyTo(destination);
    }

    /// <inheritdoc/>
    /// <remarks>Source: [RFC2104] 2. Keys here are at most a hash long, shorter than a block.</remarks>
    public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<byte> inner = stackalloc byte[BlockLength];
        Span<byte> outer = stackalloc byte[BlockLength];
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
}
