using System.Buffers;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Tests.Properties.Transport;

/// <summary>Two handshake machines with fixed keys, fed by hand.</summary>
internal sealed class HandshakeWorld : IDisposable
{
    private readonly NoiseStaticKey _initiatorStatic = NoiseStaticKey.Create();
    private readonly NoiseStaticKey _responderStatic = NoiseStaticKey.Create();
    private byte[] _initiatorPending = [];
    private byte[] _responderPending = [];

    public HandshakeWorld(DeviceKey? expected = null)
    {
        Initiator = HandshakeMachine.Initiator(InitiatorDevice, _initiatorStatic, expected, TestKeys.Exchange(11));
        Responder = HandshakeMachine.Responder(ResponderDevice, _responderStatic, TestKeys.Exchange(12));
    }

    public DeviceKeyPair InitiatorDevice { get; } = TestKeys.Device(1);

    public DeviceKeyPair ResponderDevice { get; } = TestKeys.Device(2);

    public HandshakeMachine Initiator { get; }

    public HandshakeMachine Responder { get; }

    public bool InitiatorComplete { get; private set; }

    public bool ResponderComplete { get; private set; }

    public int InitiatorSentAfterStart { get; private set; }

    public int ResponderSent { get; private set; }

    public byte[] ResponderRest => _responderPending;

    public byte[] Start()
    {
        var output = new ArrayBufferWriter<byte>();
        Initiator.Start(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Gives bytes to the initiator and returns its answer.</summary>
    public byte[] Initiate(byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            InitiatorComplete = Feed(Initiator, ref _initiatorPending, bytes, output);
        }
        finally
        {
            InitiatorSentAfterStart += output.WrittenCount;
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Gives bytes to the responder and returns its answer.</summary>
    public byte[] Respond(byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            ResponderComplete = Feed(Responder, ref _responderPending, bytes, output);
        }
        finally
        {
            ResponderSent += output.WrittenCount;
        }

        return output.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
        InitiatorDevice.Dispose();
        ResponderDevice.Dispose();
        _initiatorStatic.Dispose();
        _responderStatic.Dispose();
    }

    private static bool Feed(HandshakeMachine machine, ref byte[] pending, byte[] bytes, ArrayBufferWriter<byte> output)
    {
        var input = new ReadOnlySequence<byte>([.. pending, .. bytes]);
        try
        {
            return machine.Advance(ref input, output);
        }
        finally
        {
            pending = input.ToArray();
        }
    }
}
