using Replica.Crdt.Causality;
using Replica.Peer.Store.Incarnations;
using Replica.Peer.Telemetry;

namespace Replica.Peer.Store;

/// <summary>What a store needs from outside.</summary>
/// <param name="DisplayName">How this device is called in logs it opens.</param>
/// <param name="Time">The clock.</param>
/// <param name="DrawNonce">Chance, for the names of new logs.</param>
internal sealed record SpaceStoreOptions(string DisplayName, TimeProvider Time, Func<IncarnationNonce> DrawNonce)
{
    /// <summary>When local writes are acknowledged; null for what the space was set to.</summary>
    public Durability? Durability { get; init; }

    /// <summary>Where the database lies, to tell whether it is the newest copy of its own; nothing to take that for granted.</summary>
    public IStorePlace? Place { get; init; }

    /// <summary>Where commits are counted and timed; null for nowhere.</summary>
    public PeerTelemetry? Telemetry { get; init; }
}
