namespace Replica.Testing.World;

/// <summary>Nothing that was committed is ever lost again, least of all what was acknowledged.</summary>
internal sealed class GrowthInvariant : ISimulationInvariant
{
    private readonly Dictionary<(SimulatedPeer Peer, int Restores), ulong> _held = [];

    public void OnCommitted(SimulatedPeer peer)
    {
        var now = 0UL;
        foreach (var position in peer.Store.Durable)
        {
            now += position.Seq;
        }

        var before = _held.GetValueOrDefault((peer, peer.Restores));
        if (now < before)
        {
            throw new SimulationException($"{peer} held {before} changes and holds {now} now.");
        }

        _held[(peer, peer.Restores)] = now;
        if (peer.Acknowledged is [.., var last] && !peer.Holds(last.Dot))
        {
            throw new SimulationException($"{peer} lost {last.Dot}, which was acknowledged.");
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        var held = peers[0].Changes().Select(static change => (change.Dot, Hash: change.Hash())).ToHashSet();

        foreach (var peer in peers)
        {
            foreach (var written in peer.Acknowledged)
            {
                if (!held.Contains(written))
                {
                    throw new SimulationException($"{peer} was promised that {written.Dot} is durable, and {peers[0]} does not hold it.");
                }
            }
        }
    }
}
