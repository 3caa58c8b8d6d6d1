using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Testing.Vectors;

/// <summary>One side of a Noise vector, set up as the vector says, and the steps it can take.</summary>
internal sealed class NoiseVectorSide : IDisposable
{
    private const int KeyBytes = Algorithm.PrivateKeySize;

    private readonly HandshakeState _handshake;
    private CipherState? _send;
    private CipherState? _receive;

    /// <summary>Sets it up.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="suite">Its pattern and hash.</param>
    /// <param name="role">Which side.</param>
    /// <param name="change">A change of the settings, by name; nothing for an honest vector.</param>
    public NoiseVectorSide(VectorFields vector, NoiseVectorSuite suite, NoiseRole role, (string Field, byte[] Value)? change)
    {
        var prefix = role == NoiseRole.Initiator ? "init_" : "resp_";
        byte[]? Find(string name) => change is { } changed && changed.Field == prefix + name ? changed.Value : vector.FindHex(prefix + name);
        byte[]? FindKey(string name) => Find(name) is not { } key || key.Length == KeyBytes
            ? Find(name)
            : throw new VectorException($"'{prefix}{name}' has {key.Length} bytes; a key has {KeyBytes}.");
        var isOnlyReading = role == NoiseRole.Responder && suite.Pattern.Messages.Length == 1;
        var keys = new HandshakeKeys
        {
            // The responder of a one-way pattern has no ephemeral key, and the state wants one: it is never used.
            Ephemeral = Import(FindKey("ephemeral") ?? (isOnlyReading ? new byte[KeyBytes] : throw Missing(prefix + "ephemeral"))),
            Static = FindKey("static") is { } secret ? Import(secret) : null,
            RemoteStatic = FindKey("remote_static") ?? [],
            Psks = Psks(vector, prefix),
        };
        Check(suite.Pattern, role, keys, prefix);
        _handshake = new HandshakeState(suite.Pattern, suite.Hash, role, Find("prologue") ?? [], keys);
    }

    /// <summary>The hash over all that was exchanged.</summary>
    public byte[] Hash => _handshake.HandshakeHash.ToArray();

    /// <summary>Makes the next message.</summary>
    /// <exception cref="NoiseException">The side refuses.</exception>
    public byte[] Write(bool isHandshake, byte[] payload)
    {
        if (isHandshake)
        {
            var buffer = new byte[CipherState.MessageBytesMax];
            return buffer[.._handshake.WriteMessage(payload, buffer)];
        }

        Split();
        var message = new byte[payload.Length + CipherState.TagLength];
        _send!.Encrypt(default, payload, message);
        return message;
    }

    /// <summary>Takes the next message.</summary>
    /// <exception cref="NoiseException">The side refuses.</exception>
    public byte[] Read(bool isHandshake, byte[] message)
    {
        var payload = new byte[message.Length];
        if (isHandshake)
        {
            return payload[.._handshake.ReadMessage(message, payload)];
        }

        Split();
        return payload[.._receive!.Decrypt(default, message, payload)];
    }

    /// <summary>Rekeys the direction in which this side sends.</summary>
    public void RekeySend()
    {
        Split();
        _send!.Rekey();
    }

    /// <summary>Rekeys the direction in which this side receives.</summary>
    public void RekeyReceive()
    {
        Split();
        _receive!.Rekey();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake.Dispose();
        _send?.Dispose();
        _receive?.Dispose();
    }

    private static Key Import(byte[] secret) => Key.Import(KeyAgreementAlgorithm.X25519, secret);

    private static VectorException Missing(string name) => new($"'{name}' is missing.");

    private static ReadOnlyMemory<byte>[] Psks(VectorFields vector, string prefix)
    {
        byte[][] keys = vector.FindHex(prefix + "psk") is { } only
            ? [only]
            : [.. vector.List(prefix + "psks").Select(item => VectorFields.HexOf(item.Element.ToString(), prefix + "psks"))];
        return Array.TrueForAll(keys, static key => key.Length == KeyBytes)
            ? [.. keys.Select(static key => (ReadOnlyMemory<byte>)key)]
            : throw new VectorException($"'{prefix}psks' holds a key that has not {KeyBytes} bytes.");
    }

    private static void Check(HandshakePattern pattern, NoiseRole role, HandshakeKeys keys, string prefix)
    {
        var isInitiator = role == NoiseRole.Initiator;
        var sends = pattern.Messages.Where((_, index) => index % 2 == (int)role).Any(static tokens => tokens.Contains(NoiseToken.S));
        var isKnown = isInitiator ? pattern.InitiatorStaticKnown : pattern.ResponderStaticKnown;
        if (keys.Static is null && (sends || isKnown))
        {
            throw Missing(prefix + "static");
        }

        if (keys.RemoteStatic.IsEmpty && (isInitiator ? pattern.ResponderStaticKnown : pattern.InitiatorStaticKnown))
        {
            throw Missing(prefix + "remote_static");
        }

        var due = pattern.Messages.Sum(static tokens => tokens.Count(static token => token == NoiseToken.Psk));
        if (keys.Psks.Count != due)
        {
            throw new VectorException($"'{prefix}psks' holds {keys.Psks.Count} keys; {due} are due.");
        }
    }

    private void Split()
    {
        if (!_handshake.IsComplete)
        {
            throw new VectorException("A transport message or a rekey stands before the end of the handshake.");
        }

        if (_send is null)
        {
            (_send, _receive) = _handshake.Split();
        }
    }
}
