using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Reads the log of a file run by run, whatever its state: what can't be read is told and stepped over.</summary>
internal sealed class LogSource(SqliteConnectionHandle file)
{
    /// <summary>How far behind the last readable run is looked when not even the number of changes can be read.</summary>
    private const long ProbesMax = 1_000_000;

    /// <summary>How many changes the file says it has; 0 if that can't be read.</summary>
    public long LastArrival { get; } = Ask(file, "SELECT max(arrival) FROM changes");

    /// <summary>How many rows of changes there are; 0 if that can't be read.</summary>
    public long ChangeCount => Ask(file, "SELECT count(*) FROM changes");

    /// <summary>How far the file says each log reaches, by branch; what can't be read is left out.</summary>
    public IReadOnlyDictionary<long, (LogId Log, ulong Seq)> ReadTips()
    {
        var tips = new Dictionary<long, (LogId, ulong)>();
        try
        {
            using var read = file.Prepare("SELECT branch, log, seq FROM logs ORDER BY branch");
            while (read.Step())
            {
                if (read.Span(1).Length == LogId.Size)
                {
                    tips[read.Integer(0)] = (LogId.FromBytes(read.Span(1)), unchecked((ulong)read.Integer(2)));
                }
            }
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            // The log ids stand in the changes too; this table only names them.
        }

        return tips;
    }

    /// <summary>The name of the space as the file has it; nothing if it can't be read.</summary>
    public SpaceId? ReadSpace()
    {
        try
        {
            using var read = file.Prepare("SELECT value FROM meta WHERE name = 'space'");
            return read.Step() && read.Span(0).Length == Bytes32.Size ? SpaceId.FromBytes(read.Span(0)) : null;
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            return null;
        }
    }

    /// <summary>All runs in order of application.</summary>
    public IEnumerable<SourceRun> Read()
    {
        var (find, unreadable) = TryPrepare(
            "SELECT first, branch, base, last, base_head, signature FROM runs WHERE first > ?1 ORDER BY first LIMIT 1");
        using var ownFind = find;
        var (bodies, bodiesUnreadable) = TryPrepare(
            "SELECT arrival, branch, seq, body FROM changes WHERE arrival BETWEEN ?1 AND ?2 ORDER BY arrival");
        using var ownBodies = bodies;
        if (find is null || bodies is null)
        {
            yield return new(1, -1, 0, 0) { Fault = unreadable ?? bodiesUnreadable };
            yield break;
        }

        var cursor = 0L;
        var probes = 0L;
        while (true)
        {
            var (run, fault) = TryFind(find, cursor);
            if (fault is not null)
            {
                if (probes == 0)
                {
                    yield return new(cursor + 1, -1, 0, 0) { Fault = fault };
                }

                // A damaged page hides its rows; the next readable one lies behind some larger number.
                cursor++;
                probes++;
                if (LastArrival > 0 ? cursor >= LastArrival : probes > ProbesMax)
                {
                    yield break;
                }
            }
            else if (run is null)
            {
                yield break;
            }
            else
            {
                probes = 0;
                cursor = run.First;
                yield return run.Fault is null ? WithBodies(bodies, run) : run;
            }
        }
    }

    /// <summary>Whether the file is to blame, and not the world around it.</summary>
    public static bool IsDamage(StoreException fault) => fault.Fault is StoreFault.Corrupt or StoreFault.NotASpace or StoreFault.InputOutput;

    /// <summary>A file whose header or schema can't be read takes no statement.</summary>
    private (SqliteStatement? Statement, string? Fault) TryPrepare(string sql)
    {
        try
        {
            return (file.Prepare(sql), null);
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            return (null, fault.Message);
        }
    }

    private static (SourceRun? Run, string? Fault) TryFind(SqliteStatement find, long cursor)
    {
        try
        {
            return (Find(find, cursor), null);
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            return (null, fault.Message);
        }
    }

    private static SourceRun? Find(SqliteStatement find, long cursor)
    {
        if (!find.Reset().Bind(1, cursor).Step())
        {
            return null;
        }

        var run = new SourceRun(
            find.Integer(0), find.Integer(1), unchecked((ulong)find.Integer(2)), unchecked((ulong)find.Integer(3)));
        var fault = run.BaseSeq > long.MaxValue || run.LastSeq <= run.BaseSeq || run.LastSeq - run.BaseSeq > ChangeLimits.RunChangesMax
            ? $"a run of changes {run.BaseSeq} to {run.LastSeq} can't be"
            : find.Span(4).Length != Bytes32.Size ? "its chain head has another length"
            : find.Span(5).Length != SignatureBytes.Size ? "its signature has another length"
            : null;
        return fault is null
            ? run with { BaseHead = ChainHead.FromBytes(find.Span(4)).Prefix, Signature = new(find.Bytes(5)) }
            : new(run.First, run.Branch, 0, 0) { Fault = fault };
    }

    private static SourceRun WithBodies(SqliteStatement read, SourceRun run)
    {
        var bodies = new List<ReadOnlyMemory<byte>>();
        var bytes = 0L;
        try
        {
            _ = read.Reset().Bind(1, run.First).Bind(2, run.End - 1);
            while (read.Step())
            {
                var due = run.BaseSeq + (ulong)bodies.Count + 1;
                if (read.Integer(0) != run.First + bodies.Count || read.Integer(1) != run.Branch || read.Integer(2) != (long)due)
                {
                    return run with { Fault = $"the row of change {due} is missing or stands elsewhere" };
                }

                bytes += read.Span(3).Length;
                if (bytes > ChangeLimits.RunBytesMax)
                {
                    return run with { Fault = $"its changes have more than {ChangeLimits.RunBytesMax} bytes" };
                }

                bodies.Add(read.Bytes(3));
            }
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            return run with { Fault = fault.Message };
        }

        return bodies.Count == (int)(run.LastSeq - run.BaseSeq)
            ? run with { Bodies = bodies }
            : run with { Fault = $"{run.LastSeq - run.BaseSeq} changes are due and {bodies.Count} are there" };
    }

    private static long Ask(SqliteConnectionHandle file, string question)
    {
        try
        {
            return file.QueryInteger(question);
        }
        catch (StoreException fault) when (IsDamage(fault))
        {
            return 0;
        }
    }
}
