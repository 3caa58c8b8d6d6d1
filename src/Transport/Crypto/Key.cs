using System.Security.Cryptography;

namespace Replica.Transport.Crypto;

/// <summary>A private key with its public half. Zeroed when disposed; never printed.</summary>
internal sealed class Key : IDisposable
{
    // Pinned, so that the collector leaves no second copy behind when it compacts.
    private readonly byte[] _private = GC.AllocateUninitializedArray<byte>(Algorithm.PrivateKeySize, pinned: true);
    private readonly byte[] _public = new byte[Algorithm.PublicKeySize];
    private bool _disposed;

    private Key(Algorithm algorithm) => Algorithm = algorithm;

    /// <summary>What the key is for.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>The public half, 32 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _public;

    /// <summary>The arrays themselves, for the library below, which takes no spans. Neither is to be kept or changed.</summary>
    internal (byte[] Private, byte[] Public) Arrays
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return (_private, _public);
        }
    }

    /// <summary>Takes a key from its 32 private bytes, which the caller zeroes.</summary>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static Key Import(Algorithm algorithm, ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != Algorithm.PrivateKeySize)
        {
            throw new ArgumentException(
                $"A private key has {Algorithm.PrivateKeySize} bytes; {privateKey.Length} were given.", nameof(privateKey));
        }

        var key = new Key(algorithm);
        privateKey.CopyTo(key._private);
        algorithm.DerivePublicKey(key._private, key._public);
        return key;
    }

    /// <summary>Makes a fresh key from the system's generator.</summary>
    public static Key Create(Algorithm algorithm)
    {
        var key = new Key(algorithm);
        RandomNumberGenerator.Fill(key._private);
        algorithm.DerivePublicKey(key._private, key._public);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_private);
    }
}
