using System.Diagnostics;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Host;

/// <summary>That this device goes on in a new log, and why.</summary>
/// <param name="Log">The log that ended, hex.</param>
/// <param name="Seq">How far it reached here then.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record IncarnationStatus(string Log, ulong Seq, IncarnationReason Reason, DateTimeOffset At)
{
    /// <summary>What a person should know.</summary>
    public string Notice => $"this device goes on in a new log since {At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, after change {Seq} of log {Log[..8]}: {Cause}";

    private string Cause => Reason switch
    {
        IncarnationReason.NoSidecar => "nothing beside the database said that it is its newest copy",
        IncarnationReason.DamagedSidecar => "what lies beside the database was damaged",
        IncarnationReason.OtherMachine => "the database was written on another machine before",
        IncarnationReason.OtherFile => "the database is a copy, or a backup that was put back",
        IncarnationReason.FileChanged => "the database changed after it was closed",
        IncarnationReason.PowerLost => "the machine stopped without a close, and the durability was not full",
        IncarnationReason.RolledBack => "changes that peers may have were missing in the database",
        IncarnationReason.PeerHadMore => "a peer gave back changes of it that were missing here",
        IncarnationReason.Forked => "another copy of this device wrote it too",
        IncarnationReason.Claimed => "a peer said that it has changes of it that are not here",
        IncarnationReason.NewDevice => "the home has a new device key",
        IncarnationReason.Restored => "the space was restored from a backup",
        _ => throw new UnreachableException($"No case for {Reason}."),
    };

    internal static IncarnationStatus? Of(EndedLog? ended) => ended is null
        ? null
        : new(ended.Log.ToString(), ended.Seq, ended.Reason, DateTimeOffset.FromUnixTimeMilliseconds(ended.UnixMilliseconds));
}
