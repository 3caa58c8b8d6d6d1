using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>The space has as many logs as the format allows: no further device or incarnation can begin to write in it.</summary>
public sealed class TooManyLogsException()
    : Exception($"The space has {ChangeLimits.LogsMax} logs, the most that the format allows: no further device can begin to write in it. "
        + "Found a new space and import an export of this one.")
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_TOO_MANY_LOGS";
}
