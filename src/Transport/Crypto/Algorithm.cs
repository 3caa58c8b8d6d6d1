namespace Replica.Transport.Crypto;

/// <summary>An asymmetric algorithm: what a <see cref="Key"/> belongs to.</summary>
/// <remarks>
/// The shape is NSec's (algorithm, key, operation on the algorithm), so that a change to that library, or to the
/// framework's own once it has these curves, touches this folder alone.
/// </remarks>
internal abstract class Algorithm
{
    /// <summary>The length of a private key (seed), in bytes.</summary>
    public const int PrivateKeySize = 32;

    /// <summary>The length of a public key, in bytes.</summary>
    public const int PublicKeySize = 32;

    /// <summary>Computes the public key that belongs to a private one.</summary>
    public abstract void DerivePublicKey(byte[] privateKey, byte[] publicKey);
}
