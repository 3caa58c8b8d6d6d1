using System.Diagnostics;
using Ed25519Curve = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace Replica.Transport.Crypto;

/// <summary>Ed25519 as the protocol defines it: cofactorless, with strict encodings, the same answer on every build.</summary>
/// <remarks>
/// Source: [RFC8032] 5.1, docs/protocol.md, section 2. Differs from the RFC: small-order and non-canonical A and R are refused, and the
/// encoding of [S]B - [k]A is compared with the bytes R instead of the points.
/// </remarks>
internal sealed class SignatureAlgorithm : Algorithm
{
    /// <summary>The length of a signature (R then S), in bytes.</summary>
    public const int SignatureSize = 64;

    private SignatureAlgorithm()
    {
    }

    /// <summary>The one signature algorithm of the product.</summary>
    public static SignatureAlgorithm Ed25519 { get; } = new();

    /// <inheritdoc/>
    public override void DerivePublicKey(byte[] privateKey, byte[] publicKey) =>
        Ed25519Curve.GeneratePublicKey(privateKey, 0, publicKey, 0);

    /// <summary>Signs <paramref name="data"/>; the same key and data always give the same 64 bytes.</summary>
    public void Sign(Key key, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Debug.Assert(ReferenceEquals(key.Algorithm, this), "The key is of another algorithm.");
        var (privateKey, publicKey) = key.Arrays;
        var message = data.ToArray();
        var result = new byte[SignatureSize];
        Ed25519Curve.Sign(privateKey, 0, publicKey, 0, message, 0, message.Length, result, 0);
        result.CopyTo(signature);
    }

    /// <summary>Whether <paramref name="signature"/> is valid. Never throws, whatever the bytes are.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        var r = signature[..32];
        return Ed25519Encoding.IsReducedScalar(signature[32..])
            && Ed25519Encoding.IsCanonical(publicKey)
            && Ed25519Encoding.IsCanonical(r)
            && !Ed25519Encoding.IsSmallOrder(publicKey)
            && !Ed25519Encoding.IsSmallOrder(r)
            && Ed25519Curve.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, data.ToArray(), 0, data.Length);
    }
}
