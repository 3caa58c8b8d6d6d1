namespace Replica.Peer.Host.Feeds;

/// <summary>A position is not of this copy of the space.</summary>
internal sealed class UnknownPositionException(ChangePosition position)
    : Exception(
        $"The position {position} is not of this copy of the space: it was restored, repaired or copied since, or another space or device "
        + "told it. Read what is there now, and go on from its end; or read from the start, position 0.")
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_POSITION_UNKNOWN";
}
