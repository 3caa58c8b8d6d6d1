using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Replica.Tests.EndToEnd.Processes;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A connection on which anything can be said, and what came back.</summary>
internal sealed class Stranger : IDisposable
{
    /// <summary>All that a responder says before it knows who is there: message 2 with its length.</summary>
    public const int AnswerBytes = 2 + HandshakeMachine.SecondBytes;

    private readonly TcpClient _client = new() { NoDelay = true };
    private NetworkStream _stream = null!;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Stranger()
    {
    }

    /// <summary>How long the connection is open.</summary>
    public TimeSpan Age => _clock.Elapsed;

    public static async Task<Stranger> ConnectAsync(int port)
    {
        var stranger = new Stranger();
        await stranger._client.ConnectAsync("127.0.0.1", port);
        stranger._stream = stranger._client.GetStream();
        return stranger;
    }

    /// <summary>Says something; if the other side has closed already, it is said to nobody.</summary>
    public async Task SayAsync(params byte[][] parts)
    {
        try
        {
            foreach (var part in parts)
            {
                await _stream.WriteAsync(part);
            }
        }
        catch (IOException)
        {
            // Reading shows that it is closed.
        }
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public async Task<byte[]> HearAsync(int length)
    {
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(ReplicaProcess.Limit);
        return bytes;
    }

    /// <summary>Reads until the other side closes.</summary>
    /// <returns>What came.</returns>
    public async Task<byte[]> HearAllAsync()
    {
        var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer).AsTask().WaitAsync(ReplicaProcess.Limit) is > 0 and var length)
            {
                await all.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (IOException)
        {
            // Closed as well, only less politely.
        }

        return all.ToArray();
    }

    /// <summary>Does the handshake, with whatever is wrong about it, up to message 3.</summary>
    public async Task<(CipherState Send, CipherState Receive)> ShakeAsync(HandshakeFaults? faults = null)
    {
        faults ??= new();
        using var noiseStatic = Key.Create(KeyAgreementAlgorithm.X25519);
        using var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        using var device = DeviceKeyPair.Create();
        using var state = new HandshakeState(
            HandshakePattern.XX, Sha256Hash.Instance, NoiseRole.Initiator, "replica/1\n"u8,
            new HandshakeKeys { Ephemeral = ephemeral, Static = noiseStatic });
        var message = new byte[HandshakeMachine.SecondBytes];
        _ = state.WriteMessage(default, message);
        await SayAsync("replica/1\n"u8.ToArray(), Framed(message[..HandshakeMachine.FirstBytes]));
        var answer = await HearAsync(AnswerBytes);
        _ = state.ReadMessage(answer.AsSpan(2), message);
        var length = state.WriteMessage(faults.Payload(device, noiseStatic.PublicKey.ToArray()), message);
        await SayAsync(Framed(message[..length]));
        return state.Split();
    }

    /// <summary>A message with its length in front.</summary>
    public static byte[] Framed(byte[] message)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        return framed;
    }

    /// <summary>A transport message.</summary>
    public static byte[] Sealed(CipherState send, byte[] plaintext)
    {
        var message = new byte[plaintext.Length + CipherState.TagLength];
        send.Encrypt(default, plaintext, message);
        return Framed(message);
    }

    public void Dispose() => _client.Dispose();
}
