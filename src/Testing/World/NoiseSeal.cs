using System.Buffers;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Testing.World;

/// <summary>One direction of a real session: the handshake is made at once, its ciphers then seal each message.</summary>
internal sealed class NoiseSeal : ILinkSeal
{
    private readonly CipherState _sender;
    private readonly CipherState _receiver;

    private NoiseSeal(CipherState sender, CipherState receiver)
    {
        _sender = sender;
        _receiver = receiver;
    }

    /// <summary>Both directions of a session between two devices that expect each other.</summary>
    public static (NoiseSeal There, NoiseSeal Back) Agree(DeviceKeyPair dialler, DeviceKeyPair dialled, Chance chance)
    {
        using var first = NoiseStaticKey.FromSecret(chance.Bytes(Algorithm.PrivateKeySize));
        using var second = NoiseStaticKey.FromSecret(chance.Bytes(Algorithm.PrivateKeySize));
        using var initiator = HandshakeMachine.Initiator(dialler, first, dialled.PublicKey, NextKey(chance));
        using var responder = HandshakeMachine.Responder(dialled, second, NextKey(chance));
        var (there, back) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        initiator.Start(there);
        for (var (isNear, isFar) = (false, false); !isNear || !isFar;)
        {
            isFar |= Carry(there, responder, back);
            isNear |= Carry(back, initiator, there);
        }

        var (near, far) = (initiator.Finish(), responder.Finish());
        if (near.RemoteDevice != dialled.PublicKey || far.RemoteDevice != dialler.PublicKey)
        {
            throw new SimulationException("A handshake named another device than the one that took part.");
        }

        return (new(near.Send, far.Receive), new(far.Send, near.Receive));
    }

    public byte[] Close(ReadOnlySpan<byte> plaintext)
    {
        var wire = new byte[plaintext.Length + CipherState.TagLength];
        _sender.Encrypt(default, plaintext, wire);
        return wire;
    }

    public byte[]? Open(byte[] wire)
    {
        try
        {
            var plaintext = new byte[wire.Length];
            return plaintext[.._receiver.Decrypt(default, wire, plaintext)];
        }
        catch (NoiseException)
        {
            return null;
        }
    }

    private static Key NextKey(Chance chance) => Key.Import(KeyAgreementAlgorithm.X25519, chance.Bytes(Algorithm.PrivateKeySize));

    private static bool Carry(ArrayBufferWriter<byte> from, HandshakeMachine to, ArrayBufferWriter<byte> answer)
    {
        var input = new ReadOnlySequence<byte>(from.WrittenMemory.ToArray());
        from.ResetWrittenCount();
        return to.Advance(ref input, answer);
    }
}
