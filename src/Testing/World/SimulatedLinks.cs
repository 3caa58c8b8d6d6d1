namespace Replica.Testing.World;

/// <summary>The connections that stand.</summary>
internal sealed class SimulatedLinks(SimulatedWorld world)
{
    private readonly List<SimulatedLink> _links = [];

    /// <summary>All that stand, in order of their beginnings.</summary>
    public IReadOnlyList<SimulatedLink> All => _links;

    /// <summary>Whether both sides of every link say that they are level.</summary>
    public bool AreInSync => _links.TrueForAll(static link => link.IsInSync);

    public void Connect(int first, int second)
    {
        if (first == second || !world.IsRunning(first) || !world.IsRunning(second)
            || !world.Network.Reaches(first, second) || !world.Network.Reaches(second, first)
            || _links.Exists(link => link.Joins(first, second)))
        {
            return;
        }

        var link = new SimulatedLink(world, first, second);
        world.Trace(() => $"{link} connect");
        _links.Add(link);
        link.Start();
    }

    public void Remove(SimulatedLink link) => _ = _links.Remove(link);

    /// <summary>Cuts the links for which it holds.</summary>
    public void Cut(Predicate<SimulatedLink> condition)
    {
        foreach (var link in _links.FindAll(condition))
        {
            world.Trace(() => $"{link} is cut");
            link.Cut();
        }
    }

    /// <summary>Cuts all links of a peer.</summary>
    public void CutAll(int peer) => Cut(link => link.Joins(peer));

    /// <summary>Sends on what stood still and may go on.</summary>
    public void Flush() => _links.ForEach(static link => link.Flush());

    /// <summary>Nothing stands still any more.</summary>
    public void Unclog()
    {
        foreach (var link in _links)
        {
            link.Clog(link.First, isClogged: false);
            link.Clog(link.Second, isClogged: false);
        }

        Flush();
    }

    /// <summary>A peer committed something: its sessions are woken after the commit and read the positions of that moment.</summary>
    public void OnCommitted(SimulatedPeer peer)
    {
        foreach (var link in _links)
        {
            if (link.Joins(peer.Number))
            {
                world.Time.After(1, () =>
                {
                    if (link.IsUp)
                    {
                        link.End(peer.Number).OnGrown();
                    }
                });
            }
        }
    }
}
