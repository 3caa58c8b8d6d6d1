namespace Replica.Testing.World;

/// <summary>A connection between two replicas with a session at each end, until it is cut; what was under way is then lost.</summary>
internal sealed class SimulatedLink
{
    private readonly SyncEndpoint _first;
    private readonly SyncEndpoint _second;

    public SimulatedLink(SimulatedWorld world, SimulatedReplica first, SimulatedReplica second)
    {
        DelayMillisecondsMax = world.Network.Faults.DelayMillisecondsMax;
        _first = new(world, this, first);
        _second = new(world, this, second);
    }

    public int DelayMillisecondsMax { get; }

    public bool IsUp { get; private set; } = true;

    /// <summary>Whether both sides say that they are level.</summary>
    public bool IsInSync => _first.Session.Status.InSync && _second.Session.Status.InSync;

    public void Start()
    {
        _first.Start();
        _second.Start();
    }

    public void Cut()
    {
        IsUp = false;
        _first.Session.End();
        _second.Session.End();
    }

    public bool Joins(SimulatedReplica replica) => replica == _first.Replica || replica == _second.Replica;

    public SyncEndpoint Other(SyncEndpoint endpoint) => endpoint == _first ? _second : _first;

    public SyncEndpoint End(SimulatedReplica replica) => replica == _first.Replica ? _first : _second;

    public override string ToString() => $"{_first.Replica}-{_second.Replica}";
}
