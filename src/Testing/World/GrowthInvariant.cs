using Replica.Crdt.Causality;

namespace Replica.Testing.World;

/// <summary>Nothing that was committed is ever lost again, least of all what was acknowledged.</summary>
internal sealed class GrowthInvariant : ISimulationInvariant
{
    private readonly Dictionary<SimulatedPeer, ulong> _held = [];

    public void OnCommitted(SimulatedPeer peer)
    {
        var now = 0UL;
        foreach (var position in peer.Store.Durable)
        {
            now += position.Seq;
        }

        if (now < _held.GetValueOrDefault(peer))
        {
            throw new SimulationException($"{peer} held {_held[peer]} changes and holds {now} now.");
        }

        _held[peer] = now;
        if (peer.Acknowledged is [.., var last] && !peer.Holds(last.Dot))
        {
            throw new SimulationException($"{peer} lost {last.Dot}, which was acknowledged.");
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        var held = new Dictionary<Dot, ChangeHash>();
        foreach (var change in peers[0].Changes())
        {
            held.Add(change.Dot, change.Hash());
        }

        foreach (var peer in peers)
        {
            foreach (var (dot, hash) in peer.Acknowledged)
            {
                if (!held.TryGetValue(dot, out var found) || found != hash)
                {
                    throw new SimulationException($"{peer} was promised that {dot} is durable, and {peers[0]} does not hold it.");
                }
            }
        }
    }
}
