namespace Replica.Peer.Store;

/// <summary>The store can't do what was asked. What was acknowledged before is safe.</summary>
/// <param name="fault">The kind of fault.</param>
/// <param name="message">What happened, to which file, what to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class StoreException(StoreFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of fault.</summary>
    public StoreFault Fault { get; } = fault;

    /// <summary>Whether the commit itself failed, so that what it held may be on disk or not.</summary>
    internal bool IsInCommit { get; init; }

    /// <summary>The stable code.</summary>
    public string Code => Fault switch
    {
        StoreFault.Engine => "REPLICA_SQLITE_ENGINE",
        StoreFault.NotASpace => "REPLICA_NOT_A_SPACE",
        StoreFault.NewerFormat => "REPLICA_NEWER_FORMAT",
        StoreFault.Locked => "REPLICA_LOCKED",
        StoreFault.DiskFull => "REPLICA_DISK_FULL",
        StoreFault.ReadOnly => "REPLICA_READ_ONLY",
        StoreFault.Corrupt => "REPLICA_CORRUPT",
        StoreFault.OutcomeUnknown => "REPLICA_OUTCOME_UNKNOWN",
        StoreFault.SnapshotExpired => "REPLICA_SNAPSHOT_EXPIRED",
        StoreFault.Lost => "REPLICA_STORE_LOST",
        StoreFault.Closed => "REPLICA_CLOSED",
        _ => "REPLICA_IO",
    };
}
