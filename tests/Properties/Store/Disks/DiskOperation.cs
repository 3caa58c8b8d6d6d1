namespace Replica.Tests.Properties.Store.Disks;

/// <summary>One thing that SQLite asked of a disk.</summary>
/// <param name="Kind">What.</param>
/// <param name="Path">Of which file.</param>
/// <param name="Offset">Where a write begins, or the length that a truncation leaves.</param>
/// <param name="Bytes">What a write writes; empty for all else.</param>
internal sealed record DiskOperation(DiskOperationKind Kind, string Path, long Offset, byte[] Bytes)
{
    public override string ToString() => $"{Kind} {Path} at {Offset} ({Bytes.Length} bytes)";
}
