namespace Replica.Transport.Crypto;

/// <summary>The one verifier of Ed25519 signatures in the product: sessions, log heads, invitations, relays, imports.</summary>
/// <remarks>
/// Two verifiers that differ on one signature would split a space for good. Valid means, in this order: lengths 64 and 32;
/// S below the group order; key and R canonical; neither of small order; the key decodes; [S]B - [k]A encodes to R.
/// </remarks>
public static class DeviceSignature
{
    /// <summary>The length of a signature in bytes: 64.</summary>
    public const int SizeBytes = SignatureAlgorithm.SignatureSize;

    /// <summary>Whether <paramref name="signature"/> over <paramref name="message"/> was made by <paramref name="key"/>.</summary>
    /// <returns>False for anything else, of any length; it never throws on what others sent.</returns>
    public static bool Verify(DeviceKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> publicKey = stackalloc byte[DeviceKey.SizeBytes];
        key.CopyTo(publicKey);
        return SignatureAlgorithm.Verify(publicKey, message, signature);
    }
}
