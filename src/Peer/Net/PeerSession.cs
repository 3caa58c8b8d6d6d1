using System.Net;
using Microsoft.Extensions.Logging;
using Replica.Crdt.Encoding;
using Replica.Peer.Membership;
using Replica.Peer.Sync;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>One secure session with its channels: moves bytes and calls the state machines, which it guards by one lock.</summary>
internal sealed partial class PeerSession : IDeviceSession, IChannelEvents, IAsyncDisposable
{
    private readonly PeerNetwork _network;
    private readonly SecureConnection _connection;
    private readonly ILogger _log;
    private readonly AdmissionGate _admission;
    private readonly Dictionary<int, SpaceChannel> _spaceChannels = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionPulse _pulse;
    private readonly SessionWriter _writer;
    private readonly SessionReader _reader;
    private readonly HashSet<SyncChannel> _full = [];
    private bool _saidHello;
    private bool _isKept;
    private (TimeSpan Ahead, ClockMark At)? _clock;
    private (GoAwayReason Reason, string Text)? _end;

    public PeerSession(PeerNetwork network, SecureConnection connection, PeerAddress? dialled, ILogger log)
    {
        _network = network;
        _connection = connection;
        _log = log;
        Dialled = dialled;
        Channels = new(connection.Role == NoiseRole.Initiator, new Sync.ChannelOptions());
        _admission = new(connection.Role, connection.HandshakeHash.Span, network.Device, connection.RemoteDevice);
        _pulse = new(network.Time, network.Telemetry);
        _writer = new(this, connection, _pulse);
        _reader = new(this, connection, _pulse);
        Keeper = new(this, _pulse);
        Guard = new(this, log);
    }

    /// <summary>The address that was dialled, if this side did.</summary>
    public PeerAddress? Dialled { get; }

    /// <summary>Whether it goes through a relay.</summary>
    public bool IsRelayed => _connection.RemoteAddress is PeerAddress.RelayRoute;

    /// <summary>Whether the other end has said who it is, and is another process.</summary>
    public bool IsOpened { get; private set; }

    /// <summary>Whether the other end is this process.</summary>
    public bool IsLoop => _end?.Reason == GoAwayReason.Loop;

    /// <summary>Whether a space was open in it.</summary>
    public bool WasAdmitted { get; private set; }

    /// <summary>Why it ended, in words.</summary>
    public string EndText { get; private set; } = "the other side ended the connection";

    /// <summary>The device at the other end.</summary>
    public DeviceKey Device => _connection.RemoteDevice;

    /// <summary>The process at the other end; nothing before its hello.</summary>
    public InstanceId? RemoteInstance { get; private set; }

    /// <summary>The features that both sides understand.</summary>
    public ulong Features { get; private set; }

    /// <summary>Where it is.</summary>
    public PeerAddress Address => Dialled ?? _connection.RemoteAddress;

    /// <summary>What guards every state machine of the session.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What takes the faults of its tasks and timers.</summary>
    public SessionGuard Guard { get; }

    /// <summary>Whether it is disposed; only under <see cref="Gate"/>.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Its channels; only under <see cref="Gate"/>.</summary>
    public ChannelMultiplexer Channels { get; }

    /// <summary>Ends when the session does.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The tasks of its channels.</summary>
    public TaskSet Tasks { get; } = new();

    /// <summary>Its place among its duplicates.</summary>
    public SessionRank Rank => _connection.Role == NoiseRole.Initiator
        ? new(IsRelayed, _network.Device, _network.Instance, _connection.HandshakeHash)
        : new(IsRelayed, Device, RemoteInstance.GetValueOrDefault(), _connection.HandshakeHash);

    /// <summary>Runs the session to its end.</summary>
    /// <returns>Whether a space was open in it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.Register(() => EndNow(GoAwayReason.Stopping, "this side is closing"));
        // Waits for a look under way: on a session that is disposed it would have nobody to fail to but the process.
        await using var timer = _network.Time.CreateTimer(_ => Keeper.Look(), null, SessionPulse.Interval, SessionPulse.Interval);
        lock (Gate)
        {
            foreach (var space in _network.Spaces)
            {
                AddToAdmission(space);
            }

            Channels.SendControl(_network.Hello.Say(_network.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        PeerLog.Connected(_log, Address, Device.ToString());
        var writer = WriteAsync();
        SignalOutgoing();
        try
        {
            await _reader.RunAsync();
        }
        catch (Exception fault) when (fault is ChannelException or EncodingException)
        {
            End(GoAwayReason.Fault, fault.Message);
        }
        catch (Exception fault) when (fault is SecureSessionException or TransportException or OperationCanceledException)
        {
            EndText = fault.Message;
        }
        catch (Exception fault)
        {
            Guard.Fail(fault);
        }

        EndText = _end?.Text ?? EndText;
        await SessionWriter.EndSoonAsync(_end is null ? Task.CompletedTask : writer, Time);
        await _ended.CancelAsync();
        await writer;
        if (!_writer.HasSaidAll)
        {
            _connection.Abort(null);
        }

        PeerLog.Disconnected(_log, Address, EndText.TrimEnd('.'));
        return WasAdmitted;
    }

    /// <summary>Says why and closes, once what is queued was sent. Who is at fault is kept away from now on, not only from the end on.</summary>
    public void End(GoAwayReason reason, string text)
    {
        lock (Gate)
        {
            if (IsOver || _end is not null)
            {
                return;
            }

            _end = (reason, text);
            if (reason == GoAwayReason.Fault)
            {
                _network.Faults.Add(Device);
            }

            Guard.Tell(reason);
        }

        SignalOutgoing();
    }

    /// <summary>Another session between the two is kept.</summary>
    public void EndAsDuplicate() => End(GoAwayReason.Duplicate, "another session between the two is kept");

    /// <summary>Asks for a sign of life that must come soon.</summary>
    public void Probe() => Keeper.Probe();

    /// <summary>The address of this machine from which it goes out; null where that is not known.</summary>
    public IPAddress? LocalAddress => _connection.LocalAddress;

    /// <summary>How often the device did so before.</summary>
    public int Faults { get; init; }

    /// <summary>Whether nothing more is to be said once what is queued was sent.</summary>
    public bool IsEnding => _end is not null;

    /// <summary>Fills a buffer with what the channels have queued, in turns.</summary>
    /// <returns>How many bytes; 0 for nothing.</returns>
    public int TakeQueued(Span<byte> buffer)
    {
        lock (Gate)
        {
            var length = Channels.TryTake(buffer);
            foreach (var channel in _full.ToArray())
            {
                channel.OnSent();
            }

            return length;
        }
    }

    /// <summary>Tells a channel whenever something was sent, as long as it waits for that. Under <see cref="Gate"/>.</summary>
    public void SetWaiting(SyncChannel channel, bool isWaiting) => _ = isWaiting ? _full.Add(channel) : _full.Remove(channel);

    /// <summary>Wakes the writer.</summary>
    public void SignalOutgoing() => _writer.Wake();

    /// <summary>Remembers that a space was opened: the session has a purpose.</summary>
    public void OnAdmitted(NetSpace space)
    {
        WasAdmitted = true;
        _network.OnUseful(this);
        PeerLog.Opened(_log, space.Name, Address);
    }

    /// <summary>What looks after it.</summary>
    public SessionKeeper Keeper { get; }

    /// <summary>Opens a space that the home took on while the session runs.</summary>
    public void OnSpaceAdded(NetSpace space)
    {
        Guard.Try(() =>
        {
            // Also before the hello: it opens what the home has by then.
            AddToAdmission(space);
            if (_isKept)
            {
                OpenOrJoin(space);
            }
        });
    }

    /// <summary>The spaces of the home.</summary>
    public IReadOnlyList<NetSpace> Spaces => _network.Spaces;

    /// <summary>Opens a space on a channel of its own, also one whose secret another session brought meanwhile. Under <see cref="Gate"/>.</summary>
    public void Open(NetSpace space)
    {
        if (!_admission.IsClaimed(space.Id))
        {
            AddToAdmission(space);
            NewChannel(Channels.Open()).Open(space);
        }
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _network.Time;

    /// <summary>When the peer last said something.</summary>
    public DateTimeOffset LastHeard => _pulse.LastHeard;

    /// <summary>The session as it is now.</summary>
    public PeerStatus GetStatus()
    {
        lock (Gate)
        {
            var spaces = _spaceChannels.Values.Select(static channel => channel.GetStatus()).OfType<PeerSpaceStatus>().ToArray();
            return new(Address.ToString(), Device.ToString(), "connected", "", spaces, _reader.Bytes, _writer.Bytes, LastHeard)
            {
                IsDialled = Dialled is not null,
                Faults = Faults,
                ClockAhead = _clock is { } clock ? clock.Ahead + clock.At.SetBack : null,
            };
        }
    }

    void IChannelEvents.OnControl(ControlMessage message)
    {
        switch (message)
        {
            case ControlMessage.Hello hello:
                OnHello(hello);
                break;
            case ControlMessage.Ping ping:
                Channels.SendControl(new ControlMessage.Pong(ping.Number));
                break;
            case ControlMessage.Pong { Number: SessionKeeper.ProbeNumber } when IsOpened:
                _network.Sessions.OnAnswered(this);
                break;
            case ControlMessage.GoAway goAway:
                _end ??= (GoAwayReason.Stopping, $"the other side ended the session ({goAway.Reason})");
                break;
        }
    }

    void IChannelEvents.OnOpened(int channel)
    {
        if (!_saidHello)
        {
            throw new EncodingException("A channel was opened before hello was said.");
        }

        _ = NewChannel(channel);
    }

    void IChannelEvents.OnMessage(int channel, ReadOnlyMemory<byte> body) =>
        _spaceChannels.GetValueOrDefault(channel)?.OnMessage(body);

    void IChannelEvents.OnClosed(int channel)
    {
        if (_spaceChannels.Remove(channel, out var spaceChannel))
        {
            spaceChannel.OnClosed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        lock (Gate)
        {
            IsOver = true;
            foreach (var channel in _spaceChannels.Values)
            {
                channel.OnClosed();
            }

            _spaceChannels.Clear();
            _admission.Dispose();
        }

        await Tasks.DrainAsync();
        lock (Gate)
        {
            Channels.Dispose();
        }

        // The source of Ended is not disposed: others may still cancel it or look at it, and it holds nothing.
        await _connection.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        await Guard.WatchAsync(_writer.RunAsync());
        await _ended.CancelAsync();
    }

    private void AddToAdmission(NetSpace space)
    {
        if (space.Secret is { } secret && _admission.Find(space.Id) is null)
        {
            _admission.AddSpace(space.Id, secret);
        }
    }

    private SpaceChannel NewChannel(int number)
    {
        return _spaceChannels[number] = new(this, number, _admission, _log);
    }

    /// <summary>Closes without a word.</summary>
    public void EndNow(GoAwayReason reason, string text)
    {
        lock (Gate)
        {
            _end ??= (reason, text);
        }

        _ended.Cancel();
    }
}
