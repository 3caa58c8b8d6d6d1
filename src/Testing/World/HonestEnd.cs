using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Peer.Sync;

namespace Replica.Testing.World;

/// <summary>A real session over real channels, whose effects are events of the world.</summary>
internal sealed class HonestEnd : LinkEnd, ISyncEffects, IChannelEvents
{
    private static readonly SyncOptions s_options = new() { WindowBytes = 16 * 1024, PageBytes = 4 * 1024, QueuedBytesMax = 8 * 1024 };
    private static readonly ChannelOptions s_channels = new();

    private readonly SimulatedPeer _peer;
    private readonly SpaceStore _store;
    private readonly Dictionary<SyncTimer, int> _timers = [];
    private readonly bool _isPacked;
    private ChannelMultiplexer? _channels;
    private SyncSession? _session;
    private int _channel;

    public HonestEnd(SimulatedLink link, SimulatedPeer peer)
        : base(link, peer.Number)
    {
        _peer = peer;
        _store = peer.Store;
        _isPacked = World.Network.Chance.Percent(50);
        Managed = peer.Net is { } net ? new(net, link, this) : null;
    }

    /// <summary>The connection as the peer's connection manager sees it, if it has one.</summary>
    public ManagedSession? Managed { get; }

    public override bool IsInSync => _session is { Status.InSync: true };

    public override string Standing => _session?.Status is not { } status ? $"{_peer} has not begun" : $"{_peer} is {status.Phase}, "
        + $"lacks {status.WeLack}, the other {status.TheyLack}, does not take {string.Join(", ", status.Refused.Select(static one => one.At))}, "
        + $"and the other {string.Join(", ", status.RefusedByPeer.Select(static one => one.At))}";

    int ISyncEffects.QueuedBytes => Link.InFlight(this);

    long ISyncEffects.UnixMilliseconds => _peer.Clock.UnixMilliseconds;

    private ChannelMultiplexer Channels => _channels!;

    public override void Start(bool isInitiator)
    {
        _channels = new(isInitiator, s_channels);
        if (Managed is not null)
        {
            Managed.Start(_channels);
            Flush();
        }
        else if (isInitiator)
        {
            Begin(Channels.Open());
        }
    }

    public override void Receive(byte[] plaintext)
    {
        Managed?.Heard();
        try
        {
            Channels.OnPlaintext(plaintext, World.Time.Now, this);
        }
        catch (Exception fault) when (fault is ChannelException or EncodingException)
        {
            End(fault.Message);
        }

        if (Managed is not null)
        {
            Flush();
        }
    }

    public override void OnDrained()
    {
        _session?.OnDrained();
    }

    public override void OnGrown()
    {
        _session?.OnDurable(_store.Durable);
    }

    /// <summary>The connection is kept after all: opens what it would have opened at the hello.</summary>
    public void OnKept()
    {
        BeginIfFirst();
        Flush();
    }

    /// <summary>Sends what is queued and may go.</summary>
    public void Flush()
    {
        while (IsOpen && Channels.TryTake(World.Scratch) is > 0 and var length)
        {
            Link.Send(this, World.Scratch.AsSpan(0, length));
        }
    }

    public override void Dispose()
    {
        _session?.End();
        _channels?.Dispose();
        if (Managed is not null)
        {
            _peer.Net?.OnClosed(Managed);
        }
    }

    void IChannelEvents.OnControl(ControlMessage message)
    {
        if (Managed?.OnControl(message) == true)
        {
            BeginIfFirst();
        }
    }

    void IChannelEvents.OnOpened(int channel)
    {
        if (Managed is { IsOpened: false })
        {
            throw new EncodingException("A channel was opened before hello was said.");
        }

        if (_channel == 0)
        {
            Begin(channel);
        }
    }

    void IChannelEvents.OnMessage(int channel, ReadOnlyMemory<byte> body)
    {
        Channels.Consumed(channel, body.Length);
        if (channel == _channel && IsOpen)
        {
            Managed?.WasAdmitted = true;
            _session!.OnMessage(SyncMessageCodec.Read(body));
            World.Bounds.Look(Channels, _session);
        }
    }

    void IChannelEvents.OnClosed(int channel)
    {
        if (channel == _channel)
        {
            End("its channel was ended");
        }
    }

    void ISyncEffects.Send(SyncMessage message)
    {
        if (!IsOpen)
        {
            return;
        }

        var output = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(output, message, _isPacked && Understand(SyncFeatures.Packed));
        World.Overhear(output.WrittenSpan);
        _ = Channels.Send(_channel, output.WrittenSpan);
        Flush();
    }

    void ISyncEffects.ReadRuns(RunQuery query) => Later(World.Chance.Below(5), () =>
    {
        if (TryRead(query) is { } page)
        {
            _session!.OnRuns(page);
        }
    });

    void ISyncEffects.Locate(PlaceQuery query) => Later(World.Chance.Below(5), () =>
        _ = World.Scheduler.WatchAsync(LocateAsync(query)));

    void ISyncEffects.Apply(IReadOnlyList<SignedRun> runs) => Later(World.Chance.Below(20), () =>
        _ = World.Scheduler.WatchAsync(ApplyAsync(runs)));

    void ISyncEffects.StartTimer(SyncTimer timer, TimeSpan delay)
    {
        var generation = _timers[timer] = _timers.GetValueOrDefault(timer) + 1;
        Later((long)delay.TotalMilliseconds, () =>
        {
            if (_timers[timer] == generation)
            {
                _session!.OnTimer(timer);
            }
        });
    }

    void ISyncEffects.Close(SyncCloseReason reason, string text) => End($"{reason}, {text}");

    private bool Understand(ulong feature) => Managed is null || (Managed.Features & feature) != 0;

    private void BeginIfFirst()
    {
        if (Number == Link.FirstNumber && _channel == 0)
        {
            Begin(Channels.Open());
        }
    }

    private void Begin(int channel)
    {
        _channel = channel;
        _session = new(this, s_options, Understand(SyncFeatures.Announced) ? _peer.Broadcasts : null, _peer.Net?.Refusals);
        _session.Start(_store.Durable);
    }

    private RunPage? TryRead(RunQuery query)
    {
        try
        {
            return _store.ReadRuns(query);
        }
        catch (StoreException fault)
        {
            World.Trace(() => $"{Link} ends: {_peer} can't read: {fault.Message}");
            Link.Cut();
            return null;
        }
    }

    private async Task LocateAsync(PlaceQuery query)
    {
        PlaceReport report;
        try
        {
            report = await _store.LocateAsync(query, CancellationToken.None);
        }
        catch (StoreException fault)
        {
            World.Trace(() => $"{Link} ends: {_peer} can't look: {fault.Message}");
            Link.Cut();
            return;
        }

        if (IsOpen)
        {
            _session!.OnLocated(report);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<SignedRun> runs)
    {
        ApplyReport report;
        try
        {
            report = await _store.ApplyAsync(runs, CancellationToken.None);
        }
        catch (StoreException fault)
        {
            World.Trace(() => $"{Link} ends: {_peer} can't store what came: {fault.Message}");
            Link.Cut();
            return;
        }

        World.Judge(_peer, Link.Other(Number), runs, report.Results);
        if (IsOpen)
        {
            _session!.OnApplied(report);
        }
    }

    private void End(string reason)
    {
        var other = Link.Other(Number);
        World.Trace(() => $"{Link} ends: {_peer} says {reason}");
        if (!World.IsLiar(other))
        {
            throw new SimulationException($"{_peer} closes its session with {World.NameOf(other)}, who is honest: {reason}");
        }

        if (Managed is not null)
        {
            _peer.Net?.OnFault(Managed);
        }

        Link.Cut();
    }
}
