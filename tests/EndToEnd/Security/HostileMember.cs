using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Peer.Sync;
using Replica.Tests.EndToEnd.Processes;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;
using Replica.Transport.Tcp;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A member that was let in honestly and then says what no honest peer would. It answers nothing by itself.</summary>
internal sealed class HostileMember : IChannelEvents, IAdmissionEffects, IAsyncDisposable
{
    private readonly DeviceKeyPair _device;
    private readonly NoiseStaticKey _static = NoiseStaticKey.Create();
    private readonly SecureConnection _session;
    private readonly ChannelMultiplexer _channels = new(isInitiator: true, new Peer.Sync.ChannelOptions());
    private readonly AdmissionGate _gate;
    private readonly Channel<SyncMessage> _heard = System.Threading.Channels.Channel.CreateUnbounded<SyncMessage>();
    private readonly TaskCompletionSource<SpaceSecret> _secret = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly byte[] _buffer = new byte[SecureConnection.PlaintextBytesMax];
    private AdmissionSession? _admission;
    private int _channel;
    private bool _isAdmitted;
    private Task _reading = Task.CompletedTask;

    private HostileMember(DeviceKeyPair device, SecureConnection session)
    {
        _device = device;
        _session = session;
        _gate = new(NoiseRole.Initiator, session.HandshakeHash.Span, device.PublicKey, session.RemoteDevice);
    }

    /// <summary>How many bytes came.</summary>
    public long BytesIn { get; private set; }

    /// <summary>How many bytes were sent.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Lets a device in by a ticket and gives the secret of the space.</summary>
    public static async Task<SpaceSecret> JoinAsync(string address, DeviceKeyPair device, Ticket ticket)
    {
        await using var member = await ConnectAsync(address, device);
        member._admission = new(member._gate, member);
        member._channel = member._channels.Open();
        member._admission.Join(ticket, "hostile");
        await member.FlushAsync();
        return await member._secret.Task.WaitAsync(ReplicaProcess.Limit);
    }

    /// <summary>Opens a space as a member.</summary>
    public static async Task<HostileMember> OpenAsync(string address, DeviceKeyPair device, SpaceId space, SpaceSecret secret)
    {
        var member = await ConnectAsync(address, device);
        member._gate.AddSpace(space, secret);
        member._admission = new(member._gate, member);
        member._channel = member._channels.Open();
        member._admission.Open(space);
        await member.FlushAsync();
        await member._admitted.Task.WaitAsync(ReplicaProcess.Limit);
        return member;
    }

    /// <summary>Says something about the space.</summary>
    public Task SayAsync(SyncMessage message)
    {
        var body = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(body, message);
        return SayAsync(body.WrittenMemory);
    }

    /// <summary>Says anything on the space's channel.</summary>
    public async Task SayAsync(ReadOnlyMemory<byte> body)
    {
        await _turn.WaitAsync();
        try
        {
            _ = _channels.Send(_channel, body.Span);
        }
        finally
        {
            _ = _turn.Release();
        }

        await FlushAsync();
    }

    /// <summary>The next message of a kind; others are passed over.</summary>
    /// <param name="isDue">Which of that kind; null for any. What was refused before is told again in each session.</param>
    public async Task<T> HearAsync<T>(Func<T, bool>? isDue = null)
        where T : SyncMessage
    {
        while (true)
        {
            if (await _heard.Reader.ReadAsync().AsTask().WaitAsync(ReplicaProcess.Limit) is T found && isDue?.Invoke(found) != false)
            {
                return found;
            }
        }
    }

    /// <summary>Waits until the other side ends the session.</summary>
    public Task EndAsync() => _reading.WaitAsync(ReplicaProcess.Limit);

    public async ValueTask DisposeAsync()
    {
        _session.Abort(null);
        await _reading;
        await _session.DisposeAsync();
        _static.Dispose();
    }

    void IChannelEvents.OnControl(ControlMessage message)
    {
    }

    void IChannelEvents.OnOpened(int channel)
    {
    }

    void IChannelEvents.OnMessage(int channel, ReadOnlyMemory<byte> body)
    {
        _channels.Consumed(channel, body.Length);
        if (_isAdmitted)
        {
            _ = _heard.Writer.TryWrite(SyncMessageCodec.Read(body.ToArray()));
        }
        else
        {
            _admission!.OnMessage(AdmissionMessageCodec.Read(body.Span));
        }
    }

    void IChannelEvents.OnClosed(int channel)
    {
    }

    void IAdmissionEffects.Send(AdmissionMessage message)
    {
        var body = new ArrayBufferWriter<byte>();
        AdmissionMessageCodec.Write(body, message);
        _ = _channels.Send(_channel, body.WrittenSpan);
    }

    void IAdmissionEffects.Admit(SpaceId space, AuthorKey invitation, AuthorKey device, string name, SignatureBytes signature)
    {
    }

    void IAdmissionEffects.StoreSecret(SpaceId space, SpaceSecret secret) => _ = _secret.TrySetResult(secret);

    void IAdmissionEffects.Reopen(SpaceId space)
    {
    }

    void IAdmissionEffects.Admitted(SpaceId space)
    {
        _isAdmitted = true;
        _ = _admitted.TrySetResult();
    }

    void IAdmissionEffects.Refused(AdmissionFailure reason, string text) => Fail($"{reason}: {text}");

    void IAdmissionEffects.EndSession(AdmissionFailure reason, string text) => Fail($"{reason}: {text}");

    private static async Task<HostileMember> ConnectAsync(string address, DeviceKeyPair device)
    {
        var connection = await new TcpTransport(TimeProvider.System).ConnectAsync(PeerAddress.Parse(address), default);
        var noiseStatic = NoiseStaticKey.Create();
        var session = await SecureHandshake.InitiateAsync(connection, device, noiseStatic, null, TimeProvider.System, default);
        var member = new HostileMember(device, session);
        member._channels.SendControl(new ControlMessage.Hello(
            1, 1, 0, new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16))), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        member._reading = member.ReadAllAsync();
        return member;
    }

    private void Fail(string text)
    {
        _ = _secret.TrySetException(new InvalidOperationException(text));
        _ = _admitted.TrySetException(new InvalidOperationException(text));
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (await _session.ReadAsync(default) is { IsEmpty: false } plaintext)
            {
                await _turn.WaitAsync();
                try
                {
                    BytesIn += plaintext.Length;
                    _channels.OnPlaintext(plaintext, Environment.TickCount64, this);
                }
                finally
                {
                    _ = _turn.Release();
                }

                await FlushAsync();
            }
        }
        catch (Exception ended) when (ended is TransportException or SecureSessionException or ChannelException)
        {
            // The other side has had enough.
        }

        Fail("The other side ended the session.");
        _ = _heard.Writer.TryComplete();
    }

    private async Task FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            while (_channels.TryTake(_buffer) is > 0 and var length)
            {
                BytesOut += length;
                await _session.WriteAsync(_buffer.AsMemory(0, length), default);
            }
        }
        catch (Exception ended) when (ended is TransportException or SecureSessionException)
        {
            // The reader meets the same end.
        }
        finally
        {
            _ = _turn.Release();
        }
    }
}
