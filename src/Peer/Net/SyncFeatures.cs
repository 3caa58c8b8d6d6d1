namespace Replica.Peer.Net;

/// <summary>The bits of hello's features: what a side understands beyond the plain protocol.</summary>
internal static class SyncFeatures
{
    /// <summary>Runs may come packed.</summary>
    public const ulong Packed = 1;

    /// <summary>Changes may be announced instead of pushed: prune and graft are understood.</summary>
    public const ulong Announced = 2;

    /// <summary>A newcomer may be told that its invitation was cancelled.</summary>
    public const ulong Cancelled = 4;

    /// <summary>Everything that this build understands.</summary>
    public const ulong All = Packed | Announced | Cancelled;
}
