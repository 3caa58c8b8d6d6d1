using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Incarnations;

/// <summary>Decides whether a database is the newest copy of its own, so that its device may go on with its log.</summary>
internal static class IncarnationCheck
{
    /// <summary>Compares what lies beside the database with what is there.</summary>
    /// <param name="sidecar">The content of the file beside it; nothing if there is none.</param>
    /// <param name="facts">The machine and the file as they are now.</param>
    /// <param name="seqOf">How many changes of a log the database holds.</param>
    /// <returns>Why the log must end; nothing if it goes on.</returns>
    public static IncarnationReason? Judge(byte[]? sidecar, PlaceFacts facts, Func<LogId, ulong> seqOf)
    {
        if (sidecar is null)
        {
            return IncarnationReason.NoSidecar;
        }

        return IncarnationRecord.TryRead(sidecar) switch
        {
            null => IncarnationReason.DamagedSidecar,
            var record when record.Machine != facts.Machine => IncarnationReason.OtherMachine,
            var record when record.File != facts.File => IncarnationReason.OtherFile,
            { ClosedAt: { } closed } when closed != facts.ChangeTime => IncarnationReason.FileChanged,
            var record when record.Seq > seqOf(record.Log) => IncarnationReason.RolledBack,

            // What was closed in good order is on disk, whatever the durability.
            { IsFull: false, ClosedAt: null } record when record.Boot != facts.Boot => IncarnationReason.PowerLost,
            _ => null,
        };
    }
}
