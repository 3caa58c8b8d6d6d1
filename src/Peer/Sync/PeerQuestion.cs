using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>Something that the other side said about places of logs, which the store must find first. A closed set.</summary>
/// <param name="Places">The places.</param>
internal abstract record PeerQuestion(IReadOnlyList<Position> Places)
{
    /// <summary>A part of the list of all that the other side holds.</summary>
    public sealed record Part(IReadOnlyList<Position> Places) : PeerQuestion(Places);

    /// <summary>The last part of that list.</summary>
    public sealed record End(IReadOnlyList<Position> Places) : PeerQuestion(Places);

    /// <summary>Some of what it holds.</summary>
    public sealed record Some(IReadOnlyList<Position> Places) : PeerQuestion(Places);

    /// <summary>From where it wants logs.</summary>
    public sealed record Want(IReadOnlyList<Position> Places) : PeerQuestion(Places);

    /// <summary>Places on its chain of a log of which the two sides hold different branches.</summary>
    public sealed record Trace(LogId Log, IReadOnlyList<Position> Places) : PeerQuestion(Places);

    /// <summary>What it does not take.</summary>
    public sealed record Refusal(SyncRefusal Refused) : PeerQuestion([Refused.At]);
}
