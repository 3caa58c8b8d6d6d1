namespace Replica.Tests.Properties.Store.Disks;

/// <summary>One connection's view of a file.</summary>
internal sealed class OpenDiskFile(SimulatedDisk disk, DiskFile file, bool isTemporary)
{
    public SimulatedDisk Disk => disk;

    public DiskFile File => file;

    /// <summary>Whether the file is SQLite's own scratch, which no crash concerns.</summary>
    public bool IsTemporary => isTemporary;

    public int Lock { get; set; }

    public int SharedMask { get; set; }

    public int ExclusiveMask { get; set; }

    public bool HasShared { get; set; }
}
