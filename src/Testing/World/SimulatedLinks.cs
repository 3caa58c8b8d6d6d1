namespace Replica.Testing.World;

/// <summary>The connections of the day. Whoever commits wakes its sessions.</summary>
internal sealed class SimulatedLinks(SimulatedWorld world)
{
    private readonly List<SimulatedLink> _links = [];

    /// <summary>Whether both sides of every link say that they are level.</summary>
    public bool AreInSync => _links.TrueForAll(static link => link.IsInSync);

    public void Connect(SimulatedReplica first, SimulatedReplica second)
    {
        if (first == second || !world.Network.Reaches(first.Number, second.Number)
            || _links.Exists(link => link.Joins(first) && link.Joins(second)))
        {
            return;
        }

        var link = new SimulatedLink(world, first, second);
        world.Trace(() => $"{link} connect");
        _links.Add(link);
        link.Start();
    }

    /// <summary>Cuts the links for which it holds.</summary>
    public void Cut(Predicate<SimulatedLink> condition)
    {
        foreach (var link in _links.FindAll(condition))
        {
            world.Trace(() => $"{link} is cut");
            link.Cut();
            _ = _links.Remove(link);
        }
    }

    public void CutOne() => Cut(_links.Count == 0 ? _ => false : world.Chance.Pick(_links).Equals);

    public void CutUnreachable(IReadOnlyList<SimulatedReplica> replicas) => Cut(link =>
    {
        var ends = replicas.Where(link.Joins).ToArray();
        return !world.Network.Reaches(ends[0].Number, ends[1].Number);
    });

    public void OnCommitted(SimulatedReplica replica)
    {
        foreach (var link in _links.FindAll(link => link.Joins(replica)))
        {
            // The watcher is woken after the commit and reads the positions of that moment.
            world.Time.After(1, () =>
            {
                if (link.IsUp)
                {
                    link.End(replica).Session.OnDurable(replica.Ledger.Positions());
                }
            });
        }
    }
}
