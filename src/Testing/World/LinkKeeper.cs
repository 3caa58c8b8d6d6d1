using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Transport;
using Replica.Transport.Dialing;

namespace Replica.Testing.World;

/// <summary>
/// The connection manager of one simulated process: the product's machine for dials, its rules for hello, duplicates and faults,
/// on virtual time and simulated addresses.
/// </summary>
internal sealed class LinkKeeper
{
    private const int ResendMilliseconds = 1_000;
    private const int ConnectMillisecondsMax = 10_000;

    private readonly SimulatedWorld _world;
    private readonly SimulatedPeer _peer;
    private readonly DialMachine _machine;
    private readonly Dictionary<PeerAddress, Attempt> _attempts = [];
    private readonly PeerFaults _faults;
    private readonly long _startedAt;
    private int _turn;
    private bool _isPaused;
    private bool _isOver;

    public LinkKeeper(SimulatedWorld world, SimulatedPeer peer, DeviceKey device, Chance chance)
    {
        _world = world;
        _peer = peer;
        _faults = new(peer.Clock);
        _startedAt = world.Time.Now;
        _machine = new(new DialOptions(), () => (chance.Next() >> 11) * (1.0 / (1UL << 53)));
        Device = device;
        Instance = new(new UInt128(chance.Next(), chance.Next()));

        // Older builds understand less.
        Hello = new(device, Instance, chance.Percent(80) ? SyncFeatures.All : chance.Pick<ulong>([0, SyncFeatures.Packed, SyncFeatures.Announced]));
    }

    /// <summary>The peer's key.</summary>
    public DeviceKey Device { get; }

    /// <summary>This process.</summary>
    public InstanceId Instance { get; }

    /// <summary>What it says first in each session.</summary>
    public HelloRule Hello { get; }

    /// <summary>Its sessions.</summary>
    public SessionTable<ManagedSession> Sessions { get; } = new(static act => act());

    /// <summary>What its sessions share of what was not taken.</summary>
    public RefusalMemory Refusals { get; } = new();

    /// <summary>The peer's clock.</summary>
    public TimeProvider Time => _peer.Clock;

    /// <summary>Why it is not connected as it should be with all it knows; nothing if it is.</summary>
    public string? Lack
    {
        get
        {
            var waiting = _machine.Waiting.FirstOrDefault(one => _world.Addresses.NumberAt(one.Address) != _peer.Number);
            return waiting is not null ? $"{_peer} has no session by {waiting.Address}: {waiting.Detail}"
                : Sessions.All.FirstOrDefault(IsRelayedForNothing) is { } relayed ? $"{relayed.Link} still goes through the relay"
                : Sessions.All.FirstOrDefault(static one => !one.IsOpened || !one.Link.IsUp) is { } half ? $"{half.Link} stands by half"
                : Sessions.All.CountBy(static one => (one.Device, one.RemoteInstance)).FirstOrDefault(static pair => pair.Value > 1)
                    is { Value: > 1 } twins ? $"{_peer} keeps {twins.Value} sessions with one process"
                : null;
        }
    }

    /// <summary>Two copies of one device count as one: a direct way to one of them is enough.</summary>
    private bool IsRelayedForNothing(ManagedSession session) =>
        session is { IsRelayed: true, Dialled: not null } && !Sessions.All.Any(other => other.Device == session.Device && !other.IsRelayed);

    private TimeSpan Now => TimeSpan.FromMilliseconds(_world.Time.Now - _startedAt);

    /// <summary>Learns where a peer is.</summary>
    public void Learn(int number)
    {
        _machine.AddTogether(_world.Addresses.Of(number), CandidateKind.Configured, Now);
        Wake();
    }

    /// <summary>Ends all sessions and makes no new ones for a while.</summary>
    public void Pause(int milliseconds)
    {
        _world.Trace(() => $"{_peer} pauses");
        _isPaused = true;
        foreach (var session in Sessions.All)
        {
            session.EndSoon();
        }

        _world.Time.After(milliseconds, Resume);
    }

    /// <summary>Makes sessions again.</summary>
    public void Resume()
    {
        if (_isPaused && !_isOver)
        {
            _isPaused = false;
            _machine.OnNetworkChanged(Now);
            Wake();
        }
    }

    /// <summary>The process is gone.</summary>
    public void Stop() => _isOver = true;

    /// <summary>Whether a device is kept away because it broke the protocol.</summary>
    public bool IsKeptAway(DeviceKey device) => _faults.IsKeptAway(device);

    /// <summary>Whether a session that was just opened may stay; one that it replaces is ended.</summary>
    public bool TryKeep(ManagedSession session)
    {
        var rivals = Sessions.All.Where(one => one != session && one.Device == session.Device && one.RemoteInstance == session.RemoteInstance).ToArray();
        var isKept = Sessions.TryKeep(session);
        if (rivals.MinBy(static one => one.Rank) is { } rival)
        {
            _world.Duplicates.Look(session.Link, rival.Link, isKept ? session.Link : rival.Link);
        }

        return isKept;
    }

    /// <summary>A session is ended because another is kept.</summary>
    public void OnDuplicate() => _world.Counts.Links.Duplicates++;

    /// <summary>A session knows who is at the other end.</summary>
    public void OnOpened(ManagedSession session)
    {
        _world.Trace(() => $"{session.Link}: {_peer} knows who is there");
        _world.Counts.Links.Sessions++;
        if (session.Dialled is { } address)
        {
            _ = _attempts.Remove(address);
        }

        _machine.OnSession(session.Device, session.Dialled, !session.IsRelayed, Now);
        Wake();
    }

    /// <summary>A session is over.</summary>
    public void OnClosed(ManagedSession session)
    {
        if (_isOver)
        {
            return;
        }

        Sessions.Remove(session);
        if (session.IsOpened)
        {
            _machine.OnEnded(session.Device, session.Dialled, !session.IsRelayed, session.WasAdmitted, Now);
            Wake();
        }
        else if (session.Dialled is { } address)
        {
            Fail(address, "the other side ended the connection");
        }
    }

    /// <summary>The other side broke the protocol: it is counted, and kept away.</summary>
    /// <exception cref="SimulationException">It is not.</exception>
    public void OnFault(ManagedSession session)
    {
        var before = _faults.CountOf(session.Device);
        _faults.Add(session.Device);
        if (_faults.CountOf(session.Device) != before + 1 || !_faults.IsKeptAway(session.Device))
        {
            throw new SimulationException($"{session.Link}: {_peer} does not keep away who broke the protocol.");
        }
    }

    private void Wake()
    {
        var turn = ++_turn;
        _world.Time.After(0, () => Turn(turn));
    }

    private void Turn(int turn)
    {
        if (_isOver || _isPaused || turn != _turn)
        {
            return;
        }

        var step = _machine.Advance(Now);
        foreach (var address in step.Cancel)
        {
            if (_attempts.Remove(address, out var attempt))
            {
                attempt.Session?.EndSoon();
                if (attempt.Session is null)
                {
                    _ = _machine.OnFailed(address, "", Now);
                }
            }
        }

        foreach (var address in step.Dial)
        {
            _world.Trace(() => $"{_peer} dials {address}");
            var attempt = _attempts[address] = new();
            _world.Time.After(_world.Network.NextDelay() + _world.Network.NextDelay(), () => Reach(address, attempt, ResendMilliseconds));
        }

        // What was cancelled may be due again.
        if (step.Cancel.Count > 0)
        {
            Wake();
        }
        else if (step.NextAt is { } next)
        {
            _world.Time.After(Math.Max(1, (long)Math.Ceiling((next - Now).TotalMilliseconds)), () => Turn(turn));
        }
    }

    /// <summary>The first packet of a dial comes to the other side, or is lost and sent again.</summary>
    private void Reach(PeerAddress address, Attempt attempt, int waited)
    {
        if (_isOver || _attempts.GetValueOrDefault(address) != attempt)
        {
            return;
        }

        var to = _world.Addresses.NumberAt(address);
        var isReached = to == _peer.Number || (!_world.Addresses.IsBlocked(address)
            && _world.Network.Reaches(_peer.Number, to) && _world.Network.Reaches(to, _peer.Number) && !_world.Network.Loses());
        if (!isReached && waited < ConnectMillisecondsMax)
        {
            _world.Time.After(ResendMilliseconds, () => Reach(address, attempt, waited + ResendMilliseconds));
        }
        else if (!isReached)
        {
            Fail(address, "no answer in time");
        }
        else if (to == _peer.Number)
        {
            Look(Hello.Judge(Hello.Say(0), Device));
            _machine.OnLoop(address, Now);
            Wake();
        }
        else if (!_world.IsRunning(to) || _world.Peers[to].Net is not { _isPaused: false } other || _isPaused)
        {
            Fail(address, "refused");
        }
        else if (other.IsKeptAway(Device) || IsKeptAway(_world.DeviceOf(to)))
        {
            throw new SimulationException($"{_peer} and {_world.NameOf(to)} keep each other away, and both are honest.");
        }
        else
        {
            var link = _world.Links.Open(_peer.Number, to, address);
            attempt.Session = ((HonestEnd)link.First).Managed;
        }
    }

    private static void Look(HelloOutcome outcome)
    {
        if (outcome != HelloOutcome.Loop)
        {
            throw new SimulationException("A process that reached itself does not know itself.");
        }
    }

    private void Fail(PeerAddress address, string detail)
    {
        _world.Trace(() => $"{_peer} does not get through to {address}: {detail}");
        _world.Counts.Links.FailedDials++;
        _ = _attempts.Remove(address);
        _ = _machine.OnFailed(address, detail, Now);
        Wake();
    }

    private sealed class Attempt
    {
        public ManagedSession? Session { get; set; }
    }
}
