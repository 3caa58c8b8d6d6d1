using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Testing.World;

/// <summary>A simulated connection as its peer's connection manager sees it: hello, signs of life, duplicates, and the end.</summary>
internal sealed class ManagedSession : IDeviceSession
{
    private readonly LinkKeeper _keeper;
    private readonly SimulatedLink _link;
    private readonly HonestEnd _end;
    private readonly bool _isInitiator;
    private readonly SessionPulse _pulse;
    private ChannelMultiplexer? _channels;
    private bool _isEnding;
    private bool _isKept;

    public ManagedSession(LinkKeeper keeper, SimulatedLink link, HonestEnd end)
    {
        _keeper = keeper;
        _link = link;
        _end = end;
        _isInitiator = end.Number == link.FirstNumber;
        _pulse = new(keeper.Time, telemetry: null);
        Device = link.World.DeviceOf(link.Other(end.Number));
        keeper.Sessions.Add(this);
    }

    /// <summary>The connection.</summary>
    public SimulatedLink Link => _link;

    /// <summary>The address, if this side dialled it.</summary>
    public PeerAddress? Dialled => _isInitiator ? _link.Dialled : null;

    /// <summary>Whether it goes through a relay.</summary>
    public bool IsRelayed => _link.Dialled is PeerAddress.RelayRoute;

    /// <summary>Whether the other end has said who it is.</summary>
    public bool IsOpened { get; private set; }

    /// <summary>Whether anything was said about the space.</summary>
    public bool WasAdmitted { get; set; }

    /// <summary>What both sides understand.</summary>
    public ulong Features { get; private set; }

    /// <inheritdoc/>
    public DeviceKey Device { get; }

    /// <inheritdoc/>
    public InstanceId? RemoteInstance { get; private set; }

    /// <inheritdoc/>
    public SessionRank Rank => _isInitiator
        ? new(IsRelayed, _keeper.Device, _keeper.Instance, _link.Hash)
        : new(IsRelayed, Device, RemoteInstance.GetValueOrDefault(), _link.Hash);

    /// <summary>The connection stands: says hello.</summary>
    public void Start(ChannelMultiplexer channels)
    {
        _channels = channels;
        channels.SendControl(_keeper.Hello.Say(_keeper.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        _end.Later((long)SessionPulse.Interval.TotalMilliseconds, Look);
    }

    /// <summary>Something came.</summary>
    public void Heard() => _pulse.Heard(bytes: 0);

    /// <summary>Takes a control message.</summary>
    /// <returns>Whether the session has just become open.</returns>
    /// <exception cref="Crdt.Encoding.EncodingException">It must not come now.</exception>
    public bool OnControl(ControlMessage message)
    {
        switch (message)
        {
            case ControlMessage.Hello when RemoteInstance is not null:
                throw new Crdt.Encoding.EncodingException("A second hello came.");
            case ControlMessage.Hello hello:
                return OnHello(hello);
            case ControlMessage.Ping ping:
                _channels!.SendControl(new ControlMessage.Pong(ping.Number));
                break;
            case ControlMessage.Pong { Number: SessionKeeper.ProbeNumber } when IsOpened:
                _keeper.Sessions.OnAnswered(this);
                break;
            case ControlMessage.GoAway:
                EndSoon();
                break;
        }

        return false;
    }

    /// <inheritdoc/>
    public void EndAsDuplicate()
    {
        if (!_isEnding)
        {
            _keeper.OnDuplicate();
            End(GoAwayReason.Duplicate);
        }
    }

    /// <inheritdoc/>
    public void Probe()
    {
        _pulse.Probe();
        _channels!.SendControl(new ControlMessage.Ping(SessionKeeper.ProbeNumber));
        _end.Flush();
    }

    /// <inheritdoc/>
    public void OnRivalGone()
    {
        if (!_isEnding && !_isKept && _keeper.TryKeep(this))
        {
            _isKept = true;
            _end.OnKept();
        }
    }

    /// <summary>Ends without a word.</summary>
    public void EndSoon()
    {
        if (!_isEnding)
        {
            _isEnding = true;
            _end.Later(0, () => _link.Finish(_end));
        }
    }

    private void End(GoAwayReason reason)
    {
        if (!_isEnding)
        {
            _link.World.Trace(() => $"{_link}: {_link.World.NameOf(_end.Number)} ends it: {reason}");
            _channels!.SendControl(new ControlMessage.GoAway(reason, ""));
            _end.Flush();
            EndSoon();
        }
    }

    private bool OnHello(ControlMessage.Hello hello)
    {
        (RemoteInstance, Features) = (hello.Instance, _keeper.Hello.Common(hello));
        switch (_keeper.Hello.Judge(hello, Device))
        {
            case HelloOutcome.Version:
                End(GoAwayReason.Version);
                return false;
            case HelloOutcome.Loop:
                throw new SimulationException($"{_link}: two processes bear one name.");
        }

        IsOpened = true;
        _keeper.OnOpened(this);
        _isKept = _keeper.TryKeep(this);
        return _isKept && !_isEnding;
    }

    /// <summary>The same looks that the product's keeper of a session takes.</summary>
    private void Look()
    {
        _end.Later((long)SessionPulse.Interval.TotalMilliseconds, Look);
        if (!WasAdmitted && _pulse.IsAdmissionOverdue)
        {
            End(GoAwayReason.Idle);
        }
        else if (_pulse.IsDead)
        {
            _link.World.Trace(() => $"{_link}: {_link.World.NameOf(_end.Number)} hears nothing and gives it up");
            EndSoon();
        }
        else if (_pulse.IsQuiet)
        {
            _channels!.SendControl(new ControlMessage.Ping(0));
            _end.Flush();
        }
    }
}
