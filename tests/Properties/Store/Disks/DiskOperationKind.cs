namespace Replica.Tests.Properties.Store.Disks;

/// <summary>What SQLite asks of a disk that changes it, or makes it wait.</summary>
internal enum DiskOperationKind
{
    Create,
    Write,
    Truncate,
    Sync,
    Delete,
}
