using System.Diagnostics;
using System.Security.Cryptography;
using X25519Curve = Org.BouncyCastle.Math.EC.Rfc7748.X25519;

namespace Replica.Transport.Crypto;

/// <summary>X25519 with all-zero results refused.</summary>
/// <remarks>Source: [RFC7748] 5 and 6.1.</remarks>
internal sealed class KeyAgreementAlgorithm : Algorithm
{
    /// <summary>The length of a shared secret, in bytes.</summary>
    public const int SharedSecretSize = 32;

    private KeyAgreementAlgorithm()
    {
    }

    /// <summary>The one key agreement of the product.</summary>
    public static KeyAgreementAlgorithm X25519 { get; } = new();

    /// <inheritdoc/>
    public override void DerivePublicKey(byte[] privateKey, byte[] publicKey) =>
        X25519Curve.GeneratePublicKey(privateKey, 0, publicKey, 0);

    /// <summary>Computes the secret shared with the owner of <paramref name="otherPublicKey"/>.</summary>
    /// <returns>False when the result is all zero: the other key has a small order and the secret would be no secret.</returns>
    public bool TryAgree(Key key, ReadOnlySpan<byte> otherPublicKey, Span<byte> sharedSecret)
    {
        Debug.Assert(ReferenceEquals(key.Algorithm, this), "The key is of another algorithm.");
        if (otherPublicKey.Length != PublicKeySize)
        {
            return false;
        }

        var result = new byte[SharedSecretSize];
        X25519Curve.ScalarMult(key.Arrays.Private, 0, otherPublicKey.ToArray(), 0, result, 0);
        byte any = 0;
        foreach (var value in result)
        {
            any |= value;
        }

        result.CopyTo(sharedSecret);
        CryptographicOperations.ZeroMemory(result);
        return any != 0;
    }
}
