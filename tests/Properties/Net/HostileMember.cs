using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Peer.Sync;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;
using Replica.Transport.Tcp;

namespace Replica.Tests.Properties.Net;

/// <summary>A member of a space who says what it likes: the keys of a home that joined, over a real socket.</summary>
internal sealed class HostileMember(string homeDirectory) : IChannelEvents, IAdmissionEffects, IAsyncDisposable
{
    private const int QueuedBytesMax = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KeyStore _keys = KeyStore.Open(homeDirectory);
    private readonly ChannelMultiplexer _channels = new(isInitiator: true, new ChannelOptions());
    private readonly byte[] _buffer = new byte[SecureConnection.PlaintextBytesMax];
    private NoiseStaticKey? _static;
    private DeviceKeyPair? _device;
    private SecureConnection? _connection;
    private AdmissionSession? _admission;
    private int _channel;
    private bool _isAdmitted;

    /// <summary>What the other side said when it ended the session.</summary>
    public ControlMessage.GoAway? GoAway { get; private set; }

    /// <summary>The messages of the space that came, as they were on the wire.</summary>
    public List<byte[]> Heard { get; } = [];

    /// <summary>Connects and opens the space.</summary>
    /// <returns>Whether it was let in.</returns>
    public async Task<bool> OpenAsync(PeerAddress address)
    {
        _device = _keys.LoadOrCreateDevice();
        _static = NoiseStaticKey.Create();
        var stored = _keys.TryLoadSecret("main")!;
        var connection = await new TcpTransport(TimeProvider.System).ConnectAsync(address, default);
        _connection = await SecureHandshake.InitiateAsync(connection, _device, _static, null, TimeProvider.System, default);
        var gate = new AdmissionGate(NoiseRole.Initiator, _connection.HandshakeHash.Span, _device.PublicKey, _connection.RemoteDevice);
        gate.AddSpace(stored.Space, stored.Secret);
        _admission = new(gate, this);
        _channels.SendControl(new ControlMessage.Hello(1, 1, 3, new InstanceId(7), 0));
        _channel = _channels.Open();
        _admission.Open(stored.Space);
        await FlushAsync();
        while (!_isAdmitted && await ReadAsync())
        {
            await FlushAsync();
        }

        return _isAdmitted;
    }

    /// <summary>Says something on the channel of the space; also what nobody should.</summary>
    public async Task SayAsync(params ReadOnlyMemory<byte>[] bodies)
    {
        foreach (var body in bodies)
        {
            _ = _channels.Send(_channel, body.Span);
            await FlushAsync();
            while (_channels.QueuedBytes(_channel) > QueuedBytesMax && GoAway is null && await ReadAsync())
            {
                await FlushAsync();
            }
        }
    }

    /// <summary>Says a message.</summary>
    public Task SayAsync(SyncMessage message)
    {
        var body = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(body, message);
        return SayAsync(body.WrittenMemory.ToArray());
    }

    /// <summary>Says control messages.</summary>
    public async Task SayControlAsync(params ControlMessage[] messages)
    {
        foreach (var message in messages)
        {
            _channels.SendControl(message);
            await FlushAsync();
        }
    }

    /// <summary>Sends a plaintext of the session as it is.</summary>
    public async Task SayRawAsync(byte[] plaintext)
    {
        try
        {
            await _connection!.WriteAsync(plaintext, default);
        }
        catch (Exception fault) when (fault is TransportException or SecureSessionException)
        {
            // It was cut off before: that is what is looked for.
        }
    }

    /// <summary>Reads until something came.</summary>
    public async Task ReadUntilAsync(Func<bool> isTrue)
    {
        while (!isTrue() && await ReadAsync())
        {
        }
    }

    /// <summary>Reads until the other side ends the session.</summary>
    public async Task ReadToEndAsync()
    {
        while (GoAway is null && await ReadAsync())
        {
        }
    }

    void IChannelEvents.OnControl(ControlMessage message) => GoAway ??= message as ControlMessage.GoAway;

    void IChannelEvents.OnOpened(int channel)
    {
    }

    void IChannelEvents.OnMessage(int channel, ReadOnlyMemory<byte> body)
    {
        if (!_isAdmitted)
        {
            _admission!.OnMessage(AdmissionMessageCodec.Read(body.Span));
            return;
        }

        Heard.Add(body.ToArray());
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

    void IAdmissionEffects.Admitted(SpaceId space) => _isAdmitted = true;

    void IAdmissionEffects.Admit(SpaceId space, AuthorKey invitation, AuthorKey device, string name, SignatureBytes signature)
    {
    }

    void IAdmissionEffects.StoreSecret(SpaceId space, SpaceSecret secret) => secret.Dispose();

    void IAdmissionEffects.Reopen(SpaceId space)
    {
    }

    void IAdmissionEffects.Refused(AdmissionFailure reason, string text)
    {
    }

    void IAdmissionEffects.EndSession(AdmissionFailure reason, string text)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            connection.Abort(null);
            await connection.DisposeAsync();
        }

        _channels.Dispose();
        _static?.Dispose();
        _device?.Dispose();
    }

    private async Task FlushAsync()
    {
        while (_channels.TryTake(_buffer) is > 0 and var length)
        {
            await SayRawAsync(_buffer[..length]);
        }
    }

    private async Task<bool> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var plaintext = await _connection!.ReadAsync(patience.Token);
            if (plaintext.IsEmpty)
            {
                return false;
            }

            _channels.OnPlaintext(plaintext, 0, this);
            return true;
        }
        catch (Exception fault) when (fault is TransportException or SecureSessionException)
        {
            return false;
        }
    }
}
