using System.Diagnostics;
using System.Security.Cryptography;
using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>One side of one handshake: writes and reads its messages in turn, then splits into transport keys.</summary>
/// <remarks>
/// Source: [Noise] 5.3. Differs: an all-zero DH result ends the handshake (12.1 leaves it open), and the ephemeral key is
/// handed in. After any failure every method throws.
/// </remarks>
internal sealed class HandshakeState : IDisposable
{
    private const int KeyBytes = Algorithm.PublicKeySize;

    private readonly HandshakePattern _pattern;
    private readonly NoiseRole _role;
    private readonly HandshakeKeys _keys;
    private readonly SymmetricState _symmetric;
    private readonly byte[] _remoteEphemeral = new byte[KeyBytes];
    private readonly byte[] _remoteStatic = new byte[KeyBytes];
    private int _message;
    private int _psk;
    private bool _dead;

    /// <summary>Initialize.</summary>
    public HandshakeState(
        HandshakePattern pattern, NoiseHash hash, NoiseRole role, ReadOnlySpan<byte> prologue, HandshakeKeys keys)
    {
        _pattern = pattern;
        _role = role;
        _keys = keys;
        _symmetric = new SymmetricState($"Noise_{pattern.Name}_25519_ChaChaPoly_{hash.Name}", hash);
        _symmetric.MixHash(prologue);
        keys.RemoteStatic.Span.CopyTo(_remoteStatic);
        if (pattern.InitiatorStaticKnown)
        {
            _symmetric.MixHash(role == NoiseRole.Initiator ? OwnStatic.PublicKey : _remoteStatic);
        }

        if (pattern.ResponderStaticKnown)
        {
            _symmetric.MixHash(role == NoiseRole.Responder ? OwnStatic.PublicKey : _remoteStatic);
        }
    }

    /// <summary>Whether all messages were exchanged.</summary>
    public bool IsComplete => _message == _pattern.Messages.Length;

    /// <summary>Whether the next message is this side's to write.</summary>
    public bool IsOwnTurn => !IsComplete && _message % 2 == (_role == NoiseRole.Initiator ? 0 : 1);

    /// <summary>The other side's static key, once it is known; 32 bytes.</summary>
    public ReadOnlySpan<byte> RemoteStatic => _remoteStatic;

    /// <summary>The hash over all that was exchanged.</summary>
    public ReadOnlySpan<byte> HandshakeHash => _symmetric.HandshakeHash;

    private Key OwnStatic => _keys.Static ?? throw new InvalidOperationException(
        $"Pattern {_pattern.Name} needs a static key on this side.");

    /// <summary>Writes the next message.</summary>
    /// <returns>Its length, at most 65,535.</returns>
    /// <exception cref="NoiseException">A DH result is all zero, or the handshake failed before.</exception>
    public int WriteMessage(ReadOnlySpan<byte> payload, Span<byte> message)
    {
        Enter(IsOwnTurn);
        var position = 0;
        foreach (var token in _pattern.Messages[_message])
        {
            position += WriteToken(token, message[position..]);
        }

        var end = position + payload.Length + _symmetric.Overhead;
        if (end > CipherState.MessageBytesMax)
        {
            throw new NoiseException($"A Noise message has at most {CipherState.MessageBytesMax} bytes; this one would have {end}.");
        }

        _symmetric.EncryptAndHash(payload, message[position..end]);
        Leave();
        return end;
    }

    /// <summary>Reads the next message into <paramref name="payload"/>, which is at least as long as the message.</summary>
    /// <returns>The length of the payload.</returns>
    /// <exception cref="NoiseException">The message is too short, too long or not authentic, or the handshake failed before.</exception>
    public int ReadMessage(ReadOnlySpan<byte> message, Span<byte> payload)
    {
        Enter(!IsOwnTurn && !IsComplete);
        if (message.Length > CipherState.MessageBytesMax)
        {
            throw new NoiseException($"A Noise message has at most {CipherState.MessageBytesMax} bytes; this one has {message.Length}.");
        }

        var rest = message;
        foreach (var token in _pattern.Messages[_message])
        {
            ReadToken(token, ref rest);
        }

        var length = rest.Length - _symmetric.Overhead;
        if (length < 0)
        {
            throw TooShort();
        }

        _symmetric.DecryptAndHash(rest, payload[..length]);
        Leave();
        return length;
    }

    /// <summary>The transport keys, once the handshake is complete. Can be taken once.</summary>
    public (CipherState Send, CipherState Receive) Split()
    {
        Enter(IsComplete);
        var (initiator, responder) = _symmetric.Split();
        return _role == NoiseRole.Initiator ? (initiator, responder) : (responder, initiator);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dead = true;
        _symmetric.Dispose();
    }

    private static NoiseException TooShort() => new("The handshake message is too short.");

    // Dead until the call ends well: whatever throws in between leaves no usable state.
    private void Enter(bool allowed)
    {
        if (_dead)
        {
            throw new NoiseException("The handshake has ended.");
        }

        if (!allowed)
        {
            throw new InvalidOperationException("It is not this step's turn in the handshake.");
        }

        _dead = true;
    }

    private void Leave()
    {
        _message++;
        _dead = false;
    }

    private int WriteToken(NoiseToken token, Span<byte> destination)
    {
        switch (token)
        {
            case NoiseToken.E:
                _keys.Ephemeral.PublicKey.CopyTo(destination);
                MixEphemeral(_keys.Ephemeral.PublicKey);
                return KeyBytes;
            case NoiseToken.S:
                var length = KeyBytes + _symmetric.Overhead;
                _symmetric.EncryptAndHash(OwnStatic.PublicKey, destination[..length]);
                return length;
            default:
                MixToken(token);
                return 0;
        }
    }

    private void ReadToken(NoiseToken token, ref ReadOnlySpan<byte> rest)
    {
        var length = token switch
        {
            NoiseToken.E => KeyBytes,
            NoiseToken.S => KeyBytes + _symmetric.Overhead,
            _ => 0,
        };
        if (rest.Length < length)
        {
            throw TooShort();
        }

        switch (token)
        {
            case NoiseToken.E:
                rest[..length].CopyTo(_remoteEphemeral);
                MixEphemeral(_remoteEphemeral);
                break;
            case NoiseToken.S:
                _symmetric.DecryptAndHash(rest[..length], _remoteStatic);
                break;
            default:
                MixToken(token);
                break;
        }

        rest = rest[length..];
    }

    private void MixEphemeral(ReadOnlySpan<byte> key)
    {
        _symmetric.MixHash(key);
        if (_pattern.UsesPsk)
        {
            _symmetric.MixKey(key);
        }
    }

    private void MixToken(NoiseToken token)
    {
        var initiator = _role == NoiseRole.Initiator;
        switch (token)
        {
            case NoiseToken.EE:
                MixAgreement(_keys.Ephemeral, _remoteEphemeral);
                break;
            case NoiseToken.ES:
                MixAgreement(initiator ? _keys.Ephemeral : OwnStatic, initiator ? _remoteStatic : _remoteEphemeral);
                break;
            case NoiseToken.SE:
                MixAgreement(initiator ? OwnStatic : _keys.Ephemeral, initiator ? _remoteEphemeral : _remoteStatic);
                break;
            case NoiseToken.SS:
                MixAgreement(OwnStatic, _remoteStatic);
                break;
            case NoiseToken.Psk:
                _symmetric.MixKeyAndHash(_keys.Psks[_psk++].Span);
                break;
            default:
                throw new UnreachableException($"No case for {token}.");
        }
    }

    private void MixAgreement(Key own, ReadOnlySpan<byte> other)
    {
        Span<byte> shared = stackalloc byte[KeyAgreementAlgorithm.SharedSecretSize];
        if (!KeyAgreementAlgorithm.X25519.TryAgree(own, other, shared))
        {
            throw new NoiseException("The other side's key has a small order: the shared secret would be all zero.");
        }

        _symmetric.MixKey(shared);
        CryptographicOperations.ZeroMemory(shared);
    }
}
