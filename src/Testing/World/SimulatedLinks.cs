using Replica.Transport;

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
            || _links.Exists(link => link.Joins(first, second)) || world.IsKeptAway(first, second))
        {
            return;
        }

        _ = Begin(new(world, first, second));
    }

    /// <summary>A connection manager has reached another.</summary>
    public SimulatedLink Open(int first, int second, PeerAddress dialled) => Begin(new(world, first, second, dialled));

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

    /// <summary>A peer is gone without a word: who was connected to it finds out when nothing comes.</summary>
    public void LoseAll(int peer)
    {
        foreach (var link in _links.FindAll(link => link.Joins(peer)))
        {
            world.Trace(() => $"{link} is lost, and {world.NameOf(link.Other(peer))} does not notice");
            world.Counts.Links.HalfOpen++;
            link.Lose(link.End(peer));
        }
    }

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
                    if (link.End(peer.Number) is { IsOpen: true } end)
                    {
                        end.OnGrown();
                    }
                });
            }
        }
    }

    private SimulatedLink Begin(SimulatedLink link)
    {
        world.Trace(() => $"{link} connect");
        _links.Add(link);
        link.Start();
        return link;
    }
}
