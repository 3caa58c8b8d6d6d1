using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Replica.Transport.Noise;

/// <summary>A ChaCha20-Poly1305 key with its nonce counter. A failed decryption destroys it.</summary>
/// <remarks>
/// Source: [Noise] 5.1, 11.3 and 12.3. Differs: a state without a key does not exist here; SymmetricState has none then.
/// One owner, one thread at a time. The key lives only inside the framework's cipher object.
/// </remarks>
internal sealed class CipherState : IDisposable
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The length of an authentication tag, in bytes.</summary>
    public const int TagLength = 16;

    /// <summary>The longest Noise message, tag included, in bytes.</summary>
    public const int MessageBytesMax = 65_535;

    private const int NonceLength = 12;

    /// <summary>The nonce that only rekeying uses.</summary>
    private const ulong NonceReserved = ulong.MaxValue;

    private ChaCha20Poly1305? _cipher;
    private ulong _nonce;

    /// <summary>Starts with a key of 32 bytes, which the caller zeroes, and nonce 0.</summary>
    public CipherState(ReadOnlySpan<byte> key) => _cipher = new ChaCha20Poly1305(key);

    /// <summary>Encrypts <paramref name="plaintext"/> and appends the tag. The two spans must not overlap.</summary>
    /// <exception cref="NoiseException">The state is dead or its nonces are used up.</exception>
    public void Encrypt(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        Debug.Assert(ciphertext.Length == plaintext.Length + TagLength, "A ciphertext is its plaintext and a tag.");
        Span<byte> nonce = stackalloc byte[NonceLength];
        var cipher = Next(nonce);
        cipher.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], associated);
        _nonce++;
    }

    /// <summary>Checks and decrypts <paramref name="ciphertext"/> into the front of <paramref name="plaintext"/>.</summary>
    /// <remarks>The two spans may begin at one place; otherwise they must not overlap.</remarks>
    /// <returns>The length of the plaintext.</returns>
    /// <exception cref="NoiseException">There is no whole tag, or a wrong one, or the state is dead or used up.</exception>
    public int Decrypt(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        var cipher = Next(nonce);
        var length = ciphertext.Length - TagLength;
        if (length < 0)
        {
            Dispose();
            throw new NoiseException("The message is shorter than its tag.");
        }

        try
        {
            cipher.Decrypt(nonce, ciphertext[..length], ciphertext[length..], plaintext[..length], associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            Dispose();
            throw new NoiseException("The message is not authentic: changed, out of order, replayed, or under another key.");
        }

        _nonce++;
        return length;
    }

    /// <summary>Replaces the key by one derived from it. The nonce counts on.</summary>
    /// <exception cref="NoiseException">The state is dead.</exception>
    public void Rekey()
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        Span<byte> zeros = stackalloc byte[KeyLength];
        Span<byte> tag = stackalloc byte[TagLength];
        Span<byte> key = stackalloc byte[KeyLength];
        nonce.Clear();
        zeros.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], NonceReserved);
        Living().Encrypt(nonce, zeros, key, tag);
        _cipher?.Dispose();
        _cipher = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher?.Dispose();
        _cipher = null;
    }

    private ChaCha20Poly1305 Living() => _cipher ?? throw new NoiseException("The cipher state has ended.");

    private ChaCha20Poly1305 Next(Span<byte> nonce)
    {
        var cipher = Living();
        if (_nonce == NonceReserved)
        {
            Dispose();
            throw new NoiseException("The cipher state has used up its nonces.");
        }

        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _nonce);
        return cipher;
    }
}
