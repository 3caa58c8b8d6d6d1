using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Store;

/// <summary>
/// Sees to it that a database which may not be the newest copy of its own goes on in a new log, and keeps the file beside
/// it: that says how much of the own log may be known elsewhere, before any of it leaves.
/// </summary>
internal sealed class IncarnationGuard
{
    private readonly IStorePlace _place;
    private readonly Lock _gate = new();
    private readonly (LogId Log, IncarnationReason Reason)? _unkept;
    private IncarnationRecord _record;
    private bool _isOpen;
    private bool _isSending;

    /// <summary>Judges the database, ends the own log if it must, and marks the database as open.</summary>
    /// <param name="place">Where it lies.</param>
    /// <param name="isFull">Whether an acknowledged write outlives a power cut.</param>
    /// <param name="ledger">What it holds.</param>
    /// <param name="now">Unix milliseconds.</param>
    public IncarnationGuard(IStorePlace place, bool isFull, SpaceLedger ledger, long now)
    {
        _place = place;
        var facts = place.Look();
        var sidecar = place.ReadSidecar();
        var fault = IncarnationCheck.Judge(sidecar, facts, ledger.Places.SeqOf);
        var sent = fault is null ? IncarnationRecord.TryRead(sidecar!) : null;
        _record = new(facts.Machine, facts.Boot, facts.File, null, isFull, sent?.Log ?? default, sent?.Seq ?? 0);
        try
        {
            if (fault is { } reason && (ledger.OwnLog is not null || ledger.Order.Name is not null))
            {
                _unkept = ledger.OwnLog is { } own ? (own.Log, reason) : null;
                ledger.Begin();
                ledger.EndOwnLog(reason, now);
                // Other changes will come to stand under the numbers that were given out behind this copy. What a power cut
                // takes was given no number to anybody.
                ledger.Order.Name = reason == IncarnationReason.PowerLost ? ledger.Order.Name : null;
                ledger.Commit();
                _unkept = null;
            }

            _isOpen = true;
            place.WriteSidecar(_record.ToBytes(), isOnDisk: false);
        }
        catch (StoreException)
        {
            // A full or read-only disk still serves readers. What could not be kept is done at the first write; until the
            // end of the log is kept the file beside the database stays as it is, and speaks against going on.
            if (fault is not null and not IncarnationReason.PowerLost)
            {
                ledger.Order.IsVoid = true;
            }

            if (fault is not null && !_isOpen)
            {
                ledger.Rollback();
            }
        }
    }

    /// <summary>Before a local change: ends the log that must end, if the disk would not have it before.</summary>
    public void BeforeWrite(SpaceLedger ledger, long now)
    {
        if (_unkept is var (log, reason) && ledger.OwnLog?.Log == log)
        {
            ledger.EndOwnLog(reason, now);
        }
    }

    /// <summary>Keeps whether an acknowledged write outlives a power cut.</summary>
    public void SetFull(bool isFull)
    {
        lock (_gate)
        {
            if (isFull != _record.IsFull)
            {
                Write(_record with { IsFull = isFull });
            }
        }
    }

    /// <summary>Before runs are sent: one write to disk for all own changes that are new since the last, none if there are none.</summary>
    /// <param name="runs">What is about to leave.</param>
    /// <param name="own">The durable end of the own log; nothing if there is none.</param>
    public void BeforeSend(IReadOnlyList<PagedRun> runs, Position? own)
    {
        if (own is not { } end)
        {
            return;
        }

        lock (_gate)
        {
            if (runs.Any(run => run.Run.Log == end.Log && (end.Log != _record.Log || run.Run.LastSeq > _record.Seq)))
            {
                Write(_record with { Log = end.Log, Seq = end.Seq });
                _isSending = true;
            }
        }
    }

    /// <summary>
    /// After a local commit, on the writer: what was sent before shows that this will be too, so it is kept while others still read it
    /// for sending, who then wait for less.
    /// </summary>
    /// <param name="own">The durable end of the own log; nothing if there is none.</param>
    /// <param name="isWatched">Whether there is anybody who may send it.</param>
    public void AfterCommit(Position? own, bool isWatched)
    {
        lock (_gate)
        {
            _isSending &= isWatched;
            if (_isSending && own is { } end && end.Log == _record.Log && end.Seq > _record.Seq)
            {
                try
                {
                    Write(_record with { Seq = end.Seq });
                }
                catch (StoreException)
                {
                    // It is tried again before anything leaves, and fails where that can be told.
                    _isSending = false;
                }
            }
        }
    }

    /// <summary>After the database was closed in good order.</summary>
    public void Close()
    {
        lock (_gate)
        {
            try
            {
                Write(_record with { ClosedAt = _place.Look().ChangeTime });
            }
            catch (StoreException)
            {
                // It then counts as closed without a goodbye, which costs nothing.
            }

            _isOpen = false;
            (_place as IDisposable)?.Dispose();
        }
    }

    private void Write(IncarnationRecord record)
    {
        if (_isOpen)
        {
            _place.WriteSidecar(record.ToBytes(), isOnDisk: true);
            _record = record;
        }
    }
}
