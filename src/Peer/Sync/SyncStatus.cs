using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>Where one session with one peer stands, at one moment.</summary>
public sealed record SyncStatus
{
    /// <summary>How far the session has come.</summary>
    public required SyncPhase Phase { get; init; }

    /// <summary>
    /// Whether both sides hold equal positions durably, and nothing is held, rejected, missing or forked either way.
    /// </summary>
    public required bool InSync { get; init; }

    /// <summary>The peer's durable positions as far as they are known here, ascending. A zero head is not known yet.</summary>
    public required IReadOnlyList<Position> TheirPositions { get; init; }

    /// <summary>How many changes the peer lacks of ours, as far as is known.</summary>
    public required long TheyLack { get; init; }

    /// <summary>How many changes we lack that the peer says it has. A peer that never sends them keeps this above 0.</summary>
    public required long WeLack { get; init; }

    /// <summary>How many changes the peer says it has, those that are here too included; at least <see cref="WeLack"/>.</summary>
    public required long TheyHave { get; init; }

    /// <summary>Logs of the peer that are not taken here.</summary>
    public required IReadOnlyList<SyncRefusal> Refused { get; init; }

    /// <summary>Our logs that the peer does not take.</summary>
    public required IReadOnlyList<SyncRefusal> RefusedByPeer { get; init; }

    /// <summary>What was sent.</summary>
    public required SyncTraffic Sent { get; init; }

    /// <summary>What was received.</summary>
    public required SyncTraffic Received { get; init; }

    /// <summary>What was received though it was here already.</summary>
    public required SyncTraffic ReceivedAgain { get; init; }

    /// <summary>Whether changes are pushed over the session at once; else they are announced, and come over others.</summary>
    public required bool IsPushing { get; init; }

    /// <summary>Bytes of changes that were sent and are not acknowledged.</summary>
    public required long UnacknowledgedBytes { get; init; }
}
