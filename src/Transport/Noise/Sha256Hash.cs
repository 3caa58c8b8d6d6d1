using System.Security.Cryptography;

namespace Replica.Transport.Noise;

/// <summary>SHA-256, the hash of the product's suite.</summary>
internal sealed class Sha256Hash : NoiseHash
{
    private Sha256Hash()
    {
    }

    /// <summary>The one instance; it holds no state.</summary>
    public static Sha256Hash Instance { get; } = new();

    /// <inheritdoc/>
    public override int Length => SHA256.HashSizeInBytes;

    /// <inheritdoc/>
    public override string Name => "SHA256";

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(first);
        hash.AppendData(second);
        hash.GetHashAndReset(destination);
    }

    /// <inheritdoc/>
    public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination) =>
        HMACSHA256.HashData(key, data, destination);
}
