using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>The handshake of a session without I/O: bytes in, bytes out.</summary>
/// <remarks>
/// <code>
/// initiator                                   responder
///   "replica/1\n"  0020 e                 →
///                                         ←   00C0 e, ee, s, es, proof
///   00A0 s, se, proof                     →
/// </code>
/// Each length is known beforehand, so a wrong one is refused before a byte of the message is waited for. The initiator
/// has checked proof and device before it reveals its own. Source: docs/protocol.md, section 2.
/// </remarks>
internal sealed class HandshakeMachine : IDisposable
{
    /// <summary>The length of the big-endian length in front of each Noise message, in bytes.</summary>
    public const int LengthBytes = 2;

    /// <summary>Message 1: an ephemeral key.</summary>
    public const int FirstBytes = Algorithm.PublicKeySize;

    /// <summary>Message 2: an ephemeral key, an encrypted static key, an encrypted proof.</summary>
    public const int SecondBytes = FirstBytes + ThirdBytes;

    /// <summary>Message 3: an encrypted static key, an encrypted proof.</summary>
    public const int ThirdBytes =
        Algorithm.PublicKeySize + CipherState.TagLength + StaticKeyProof.SizeBytes + CipherState.TagLength;

    private readonly NoiseRole _role;
    private readonly DeviceKeyPair _device;
    private readonly NoiseStaticKey _static;
    private readonly DeviceKey? _expected;
    private readonly Key _ephemeral;
    private readonly HandshakeState _state;
    private DeviceKey _remoteDevice;
    private bool _opened;
    private bool _answered;

    private HandshakeMachine(
        NoiseRole role, DeviceKeyPair device, NoiseStaticKey noiseStatic, DeviceKey? expected, Key ephemeral)
    {
        _role = role;
        _device = device;
        _static = noiseStatic;
        _expected = expected;
        _ephemeral = ephemeral;
        _opened = role == NoiseRole.Initiator;
        var keys = new HandshakeKeys { Ephemeral = ephemeral, Static = noiseStatic.Key };
        _state = new HandshakeState(HandshakePattern.XX, Sha256Hash.Instance, role, Preamble.Bytes, keys);
    }

    /// <summary>The dialling side. The machine owns <paramref name="ephemeral"/>, which must be used once.</summary>
    public static HandshakeMachine Initiator(
        DeviceKeyPair device, NoiseStaticKey noiseStatic, DeviceKey? expected, Key ephemeral) =>
        new(NoiseRole.Initiator, device, noiseStatic, expected, ephemeral);

    /// <summary>The dialled side. The machine owns <paramref name="ephemeral"/>, which must be used once.</summary>
    public static HandshakeMachine Responder(DeviceKeyPair device, NoiseStaticKey noiseStatic, Key ephemeral) =>
        new(NoiseRole.Responder, device, noiseStatic, expected: null, ephemeral);

    /// <summary>Writes what this side says unasked: the initiator's preamble and message 1; of the responder nothing.</summary>
    public void Start(IBufferWriter<byte> output)
    {
        if (_role == NoiseRole.Initiator)
        {
            output.Write(Preamble.Bytes);
            Write(output, FirstBytes, payload: default);
        }
    }

    /// <summary>Consumes what it can of <paramref name="input"/> and writes the answers.</summary>
    /// <returns>True when the handshake is complete; what is left of the input belongs to the session.</returns>
    /// <exception cref="HandshakeException">There will be no session. Nothing more may be sent.</exception>
    public bool Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        try
        {
            if (!_opened)
            {
                if (!Preamble.TryTake(ref input))
                {
                    return false;
                }

                _opened = true;
            }

            while (!_state.IsComplete)
            {
                if (!TryRead(ref input))
                {
                    return false;
                }

                if (_state.IsOwnTurn)
                {
                    WriteProof(output);
                }
            }

            return true;
        }
        catch (NoiseException exception)
        {
            throw new HandshakeException(
                HandshakeFailure.BadMessage, $"The handshake failed: {exception.Message}", exception);
        }
    }

    /// <summary>The session that was agreed on, once <see cref="Advance"/> returned true.</summary>
    public HandshakeResult Finish()
    {
        var hash = _state.HandshakeHash.ToArray();
        var (send, receive) = _state.Split();
        return new HandshakeResult(_remoteDevice, _role, hash, send, receive);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _state.Dispose();
        _ephemeral.Dispose();
    }

    private bool TryRead(ref ReadOnlySequence<byte> input)
    {
        if (input.Length < LengthBytes)
        {
            return false;
        }

        Span<byte> message = stackalloc byte[SecondBytes];
        input.Slice(0, LengthBytes).CopyTo(message);
        var length = BinaryPrimitives.ReadUInt16BigEndian(message);
        var (due, payloadDue) = ExpectedLength();
        if (length != due)
        {
            // Only the initiator can meet a stranger here: a responder has seen the preamble.
            throw new HandshakeException(
                _role == NoiseRole.Initiator ? HandshakeFailure.NotAReplica : HandshakeFailure.BadMessage,
                $"The other side announced a handshake message of {length} bytes; it has exactly {due}.");
        }

        if (input.Length < LengthBytes + due)
        {
            return false;
        }

        message = message[..due];
        input.Slice(LengthBytes, due).CopyTo(message);
        input = input.Slice(LengthBytes + due);
        Span<byte> payload = stackalloc byte[SecondBytes];
        payload = payload[.._state.ReadMessage(message, payload)];
        if (payloadDue)
        {
            CheckProof(payload);
        }

        return true;
    }

    private (int Length, bool HasProof) ExpectedLength() => _role == NoiseRole.Initiator
        ? (SecondBytes, true)
        : _answered ? (ThirdBytes, true) : (FirstBytes, false);

    private void CheckProof(ReadOnlySpan<byte> payload)
    {
        var remoteRole = _role == NoiseRole.Initiator ? NoiseRole.Responder : NoiseRole.Initiator;
        if (!StaticKeyProof.TryRead(payload, remoteRole, _state.RemoteStatic, out _remoteDevice))
        {
            throw new HandshakeException(
                HandshakeFailure.BadSignature,
                "The other side named a device key that did not sign its session key: it does not hold that identity.");
        }

        if (_expected is { } expected && expected != _remoteDevice)
        {
            throw new HandshakeException(
                HandshakeFailure.WrongDevice,
                $"Device {expected} was dialled, but device {_remoteDevice} answered; nothing was sent to it. "
                + "Ask for a current address.");
        }
    }

    private void WriteProof(IBufferWriter<byte> output)
    {
        Span<byte> payload = stackalloc byte[StaticKeyProof.SizeBytes];
        StaticKeyProof.Write(_device, _role, _static.Key.PublicKey, payload);
        Write(output, _role == NoiseRole.Initiator ? ThirdBytes : SecondBytes, payload);
        _answered = true;
    }

    private void Write(IBufferWriter<byte> output, int length, ReadOnlySpan<byte> payload)
    {
        var span = output.GetSpan(LengthBytes + length);
        BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)length);
        var written = _state.WriteMessage(payload, span[LengthBytes..]);
        Debug.Assert(written == length, "Handshake messages have fixed lengths.");
        output.Advance(LengthBytes + length);
    }
}
