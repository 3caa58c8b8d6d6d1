using System.Security.Cryptography;
using System.Text;

namespace Replica.Transport.Noise;

/// <summary>The chaining key, the running hash and the key of a handshake in progress.</summary>
/// <remarks>Source: [Noise] 5.2.</remarks>
internal sealed class SymmetricState : IDisposable
{
    private readonly NoiseHash _hash;
    private readonly byte[] _chainingKey;
    private readonly byte[] _running;
    private CipherState? _cipher;

    /// <summary>InitializeSymmetric.</summary>
    public SymmetricState(string protocolName, NoiseHash hash)
    {
        _hash = hash;
        _running = new byte[hash.Length];
        var name = Encoding.ASCII.GetBytes(protocolName);
        if (name.Length <= hash.Length)
        {
            name.CopyTo(_running, 0);
        }
        else
        {
            hash.Hash(name, default, _running);
        }

        _chainingKey = [.. _running];
    }

    /// <summary>Whether what is sent now is encrypted.</summary>
    public bool HasKey => _cipher is not null;

    /// <summary>The running hash: after the last message, the hash that names the session.</summary>
    public ReadOnlySpan<byte> HandshakeHash => _running;

    /// <summary>MixKey.</summary>
    public void MixKey(ReadOnlySpan<byte> input)
    {
        Span<byte> outputs = stackalloc byte[2 * NoiseHash.LengthMax];
        outputs = outputs[..(2 * _hash.Length)];
        _hash.Derive(_chainingKey, input, outputs);
        outputs[.._hash.Length].CopyTo(_chainingKey);
        SetKey(outputs.Slice(_hash.Length, CipherState.KeyLength));
        CryptographicOperations.ZeroMemory(outputs);
    }

    /// <summary>MixHash.</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        Span<byte> next = stackalloc byte[NoiseHash.LengthMax];
        next = next[.._hash.Length];
        _hash.Hash(_running, data, next);
        next.CopyTo(_running);
    }

    /// <summary>MixKeyAndHash, for pre-shared keys.</summary>
    public void MixKeyAndHash(ReadOnlySpan<byte> input)
    {
        Span<byte> outputs = stackalloc byte[3 * NoiseHash.LengthMax];
        outputs = outputs[..(3 * _hash.Length)];
        _hash.Derive(_chainingKey, input, outputs);
        outputs[.._hash.Length].CopyTo(_chainingKey);
        MixHash(outputs.Slice(_hash.Length, _hash.Length));
        SetKey(outputs.Slice(2 * _hash.Length, CipherState.KeyLength));
        CryptographicOperations.ZeroMemory(outputs);
    }

    /// <summary>The bytes that <see cref="EncryptAndHash"/> adds at this point.</summary>
    public int Overhead => HasKey ? CipherState.TagLength : 0;

    /// <summary>EncryptAndHash: fills <paramref name="ciphertext"/>, which is longer by <see cref="Overhead"/>.</summary>
    public void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        if (_cipher is null)
        {
            plaintext.CopyTo(ciphertext);
        }
        else
        {
            _cipher.Encrypt(_running, plaintext, ciphertext);
        }

        MixHash(ciphertext);
    }

    /// <summary>DecryptAndHash: fills <paramref name="plaintext"/>, which is shorter by <see cref="Overhead"/>.</summary>
    /// <exception cref="NoiseException">The tag is wrong.</exception>
    public void DecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (_cipher is null)
        {
            ciphertext.CopyTo(plaintext);
        }
        else
        {
            _cipher.Decrypt(_running, ciphertext, plaintext);
        }

        MixHash(ciphertext);
    }

    /// <summary>Split: the two transport keys, first the one the initiator sends with.</summary>
    public (CipherState Initiator, CipherState Responder) Split()
    {
        Span<byte> outputs = stackalloc byte[2 * NoiseHash.LengthMax];
        outputs = outputs[..(2 * _hash.Length)];
        _hash.Derive(_chainingKey, default, outputs);
        var initiator = new CipherState(outputs[..CipherState.KeyLength]);
        var responder = new CipherState(outputs.Slice(_hash.Length, CipherState.KeyLength));
        CryptographicOperations.ZeroMemory(outputs);
        return (initiator, responder);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_chainingKey);
    }

    private void SetKey(ReadOnlySpan<byte> key)
    {
        _cipher?.Dispose();
        _cipher = new CipherState(key);
    }
}
