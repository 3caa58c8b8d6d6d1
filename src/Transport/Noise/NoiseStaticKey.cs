using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>The X25519 key of this run of the process: made at start, used in every handshake, never stored.</summary>
/// <remarks>It names nobody: the device key signs it in each handshake. Zeroed when disposed.</remarks>
public sealed class NoiseStaticKey : IDisposable
{
    private NoiseStaticKey(Key key) => Key = key;

    /// <summary>The key itself.</summary>
    internal Key Key { get; }

    /// <summary>Makes a fresh key from the system's random generator.</summary>
    public static NoiseStaticKey Create() => new(Key.Create(KeyAgreementAlgorithm.X25519));

    /// <summary>Takes a key that was made elsewhere, for tests that must give the same bytes twice; a process makes its own.</summary>
    /// <param name="secret">The private half: exactly 32 bytes, which the caller zeroes.</param>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static NoiseStaticKey FromSecret(ReadOnlySpan<byte> secret) => new(Key.Import(KeyAgreementAlgorithm.X25519, secret));

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
