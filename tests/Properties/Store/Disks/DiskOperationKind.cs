namespace Replica.Tests.Properties.Store.Disks;

/// <summary>What SQLite asks of a disk that changes it, or makes it wait.</summary>
internal enum DiskOperationKind
{
    Create,
    Write,
    Truncate,
    Sync,

    /// <summary>A sync that failed: what waited for it may be lost for good, though it can still be read.</summary>
    FailedSync,
    Delete,
}
