namespace Replica.Peer.Host;

/// <summary>How the spaces of a home are saved again and again: each into new files of one folder, the oldest of which go.</summary>
/// <remarks>The files hold the databases without keys, as <see cref="ReplicaSpace.BackupAsync"/> makes them.</remarks>
public sealed record BackupRotation
{
    /// <summary>The shortest period.</summary>
    public static readonly TimeSpan EveryMin = TimeSpan.FromMinutes(1);

    /// <summary>The folder, as a full path; it is made if it is not there. Other files in it are left alone.</summary>
    public required string Directory
    {
        get;
        init
        {
            if (!Path.IsPathFullyQualified(value))
            {
                throw new ArgumentException($"'{value}' is no full path.", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>How long after one backup of a space the next is due, counted from the newest file that is there; 24 hours if not set.</summary>
    /// <remarks>Shorter loses less with the disk; longer wears it less: each backup writes the whole space.</remarks>
    public TimeSpan Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, EveryMin);
            field = value;
        }
    } = TimeSpan.FromHours(24);

    /// <summary>How many files of each space are kept, from 1; 7 if not set.</summary>
    public int Keep
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 7;
}
