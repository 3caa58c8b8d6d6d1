using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Contests;

/// <summary>What one peer does in a contest while it is cut off: one transaction.</summary>
/// <param name="Peer">The peer's place among the peers, from 0.</param>
/// <param name="Says">What it does, for people.</param>
/// <param name="Mutations">What it writes.</param>
internal sealed record Edit(int Peer, string Says, IReadOnlyList<Mutation> Mutations)
{
    /// <summary>What the peer is called.</summary>
    public string PeerName => $"peer {Peer + 1}";
}
