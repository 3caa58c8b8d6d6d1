namespace Replica.Transport.Crypto;

/// <summary>An Ed25519 key pair: a device's identity, an invitation or a relay routing key. Zeroed when disposed.</summary>
/// <remarks>Safe for use by several threads until it is disposed. Neither its text nor an exception shows the secret.</remarks>
public sealed class DeviceKeyPair : IDisposable
{
    /// <summary>The length of the secret seed in bytes: 32.</summary>
    public const int SeedSizeBytes = Algorithm.PrivateKeySize;

    private readonly Key _key;

    private DeviceKeyPair(Key key)
    {
        _key = key;
        PublicKey = DeviceKey.FromBytes(key.PublicKey);
    }

    /// <summary>The half that others may know.</summary>
    public DeviceKey PublicKey { get; }

    /// <summary>Makes the pair that belongs to a stored seed. The caller zeroes its own copy.</summary>
    /// <param name="seed">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static DeviceKeyPair FromSeed(ReadOnlySpan<byte> seed) =>
        new(Key.Import(SignatureAlgorithm.Ed25519, seed));

    /// <summary>Makes a fresh pair from the system's random generator.</summary>
    public static DeviceKeyPair Create() => new(Key.Create(SignatureAlgorithm.Ed25519));

    /// <summary>Signs <paramref name="message"/>, which must begin with one of <see cref="SigningLabels"/>.</summary>
    /// <returns>64 bytes: the same for the same message.</returns>
    /// <exception cref="ObjectDisposedException">The pair was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[DeviceSignature.SizeBytes];
        Sign(message, signature);
        return signature;
    }

    /// <summary>Signs <paramref name="message"/> into the first 64 bytes of <paramref name="signature"/>.</summary>
    /// <exception cref="ObjectDisposedException">The pair was disposed.</exception>
    /// <exception cref="ArgumentException"><paramref name="signature"/> is shorter than 64 bytes.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) =>
        SignatureAlgorithm.Ed25519.Sign(_key, message, signature);

    /// <summary>Writes the secret seed, for the key file alone. The caller zeroes the destination after use.</summary>
    /// <exception cref="ObjectDisposedException">The pair was disposed.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void ExportSeed(Span<byte> destination) => _key.Arrays.Private.CopyTo(destination);

    /// <summary>The public key and nothing else.</summary>
    public override string ToString() => PublicKey.ToString();

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
