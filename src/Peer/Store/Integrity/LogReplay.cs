using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store.Integrity;

/// <summary>Feeds the log of a file to an empty ledger, which checks every run as if a peer had sent it and builds the state from it.</summary>
/// <remarks>Runs that do not hold are left out, with all that follow or depend on them. One transaction holds so many runs at most.</remarks>
internal sealed class LogReplay(LogSource source, SpaceLedger target)
{
    private const int RunsPerCommit = 1000;
    private const int BytesPerCommit = 4 * 1024 * 1024;

    /// <summary>No stamp is ahead of this clock: what was taken once is not held again because a clock was set back.</summary>
    private const long EndOfTime = long.MaxValue / 2;

    private readonly IReadOnlyDictionary<long, (LogId Log, ulong Seq)> _tips = source.ReadTips();
    private readonly HashSet<LogId> _damaged = [];
    private long _due = 1;

    /// <summary>Replays everything; enumerate to the end.</summary>
    public IEnumerable<ReplayStep> Run()
    {
        var (runs, bytes) = (0, 0L);
        target.Begin();
        foreach (var run in source.Read())
        {
            if (run.First != _due)
            {
                var detail = $"the changes that arrived as numbers {_due} to {run.First - 1} are not there";
                yield return new(run.First, new(Damage.Missing, $"arrivals {_due} to {run.First - 1}", detail));
            }

            yield return new(run.First, Apply(run));
            _due = Math.Max(_due, run.End);
            bytes += run.Bodies.Sum(static body => (long)body.Length);
            if (++runs % RunsPerCommit == 0 || bytes > BytesPerCommit)
            {
                bytes = 0;
                target.Commit();
                target.Begin();
            }
        }

        target.Commit();
        foreach (var damage in FindMissingTips())
        {
            yield return new(_due, damage);
        }
    }

    private Damage? Apply(SourceRun run)
    {
        var log = LogOf(run);
        if (run.Fault is { } unreadable)
        {
            return Name(run, log, Damage.Change, unreadable, null);
        }

        if (log is not { } named)
        {
            return Name(run, null, Damage.Change, "its first change can't be decoded, so its log is unknown", null);
        }

        var result = target.ApplyRun(run.ToSigned(named), EndOfTime);
        return result.Verdict switch
        {
            RunVerdict.Applied => null,
            RunVerdict.Known => Name(run, log, Damage.Change, "it stands twice in the log", null),
            RunVerdict.Gap when !_damaged.Contains(named) => Name(run, log, Damage.Missing, result.Detail, result.Code),
            RunVerdict.Gap or RunVerdict.DependencyMissing => Name(run, log, Damage.Unproven, result.Detail, result.Code),
            _ => Name(run, log, Damage.Change, result.Detail, result.Code),
        };
    }

    /// <summary>The log that the changes themselves name; the table of logs only where they can't be read.</summary>
    private LogId? LogOf(SourceRun run)
    {
        if (run.Bodies.Count > 0)
        {
            try
            {
                return ChangeCodec.Decode(run.Bodies[0]).Dot.Log;
            }
            catch (UnknownOperationException newer)
            {
                return newer.Change.Dot.Log;
            }
            catch (EncodingException)
            {
                // The table may still know.
            }
        }

        return _tips.TryGetValue(run.Branch, out var tip) ? tip.Log : null;
    }

    private Damage Name(SourceRun run, LogId? log, string code, string detail, string? cause)
    {
        if (log is { } damaged)
        {
            _ = _damaged.Add(damaged);
        }

        var first = run.BaseSeq + 1;
        var subject = log is null ? $"arrival {run.First}"
            : run.LastSeq == 0 ? $"log {log} at arrival {run.First}"
            : first == run.LastSeq ? $"log {log} change {first}"
            : $"log {log} changes {first} to {run.LastSeq}";
        return new(code, subject, detail) { Log = log?.ToString(), Seq = run.LastSeq == 0 ? null : first, Cause = cause };
    }

    /// <summary>Changes at the end of a log that the file says it has and that were nowhere.</summary>
    private IEnumerable<Damage> FindMissingTips()
    {
        foreach (var (log, seq) in _tips.Values)
        {
            var reached = target.Logs.Where(row => row.Log == log).Select(static row => row.Seq).DefaultIfEmpty(0UL).Max();
            if (seq > reached && !_damaged.Contains(log))
            {
                yield return new(Damage.Missing, $"log {log} changes {reached + 1} to {seq}", "the log must reach further than it does")
                {
                    Log = log.ToString(),
                    Seq = reached + 1,
                };
            }
        }

        if (source.ChangeCount != _due - 1)
        {
            yield return new(Damage.Missing, "table changes", $"{source.ChangeCount} changes lie there, and the runs hold {_due - 1}");
        }
    }
}
