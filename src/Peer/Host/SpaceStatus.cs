using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>A space at one moment.</summary>
/// <param name="Name">Its name in this home.</param>
/// <param name="Id">Its name everywhere, hex.</param>
/// <param name="Role">This device's role as known here.</param>
/// <param name="IsJoinPending">Whether a ticket waits for a member to be reached.</param>
/// <param name="JoinFailure">Why the last member that was reached did not let this device in; nothing if none said no.</param>
/// <param name="Nodes">Nodes that show.</param>
/// <param name="Edges">Edges that are alive, also those hidden for want of an endpoint.</param>
/// <param name="Changes">Changes in the log.</param>
/// <param name="Level">The format level that holds here; <see cref="ChangeLimits.LevelKnown"/> is the highest known.</param>
/// <param name="Logs">All logs, by name.</param>
public sealed record SpaceStatus(
    string Name,
    string Id,
    Role Role,
    bool IsJoinPending,
    string? JoinFailure,
    long Nodes,
    long Edges,
    long Changes,
    int Level,
    IReadOnlyList<LogStatus> Logs)
{
    /// <summary>When local writes are acknowledged.</summary>
    public Durability Durability { get; init; }

    /// <summary>Forked logs, by name.</summary>
    public IReadOnlyList<ForkStatus> Forks { get; init; } = [];

    /// <summary>The last time that this device had to go on in a new log; nothing if it never had to.</summary>
    public IncarnationStatus? Incarnation { get; init; }

    /// <summary>How it stands with its backups; null if it is not saved again and again.</summary>
    public BackupStatus? Backup { get; init; }

    /// <summary>How far it has come with what the connected peer has of whom most is missing here; null while none has told.</summary>
    public SyncProgress? Sync { get; init; }

    /// <summary>What a person who writes here must know, such as peers that do not take this device's changes.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
