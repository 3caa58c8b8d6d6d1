using System.Diagnostics.CodeAnalysis;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>The logs of a peer that are held, refused or broken by a gap here, and when to ask for them again.</summary>
/// <param name="effects">The world.</param>
/// <param name="options">The paces.</param>
/// <param name="memory">What all sessions of the space remember; nothing to remember in this session alone.</param>
internal sealed class RefusedLogs(ISyncEffects effects, SyncOptions options, RefusalMemory? memory)
{
    private const long DelayMaxMilliseconds = 60 * 60 * 1000;
    private const long DelayMinMilliseconds = 1000;
    private const int DoublingsMax = 12;

    /// <summary>Of so many logs a new peer is told at once; of others when it has them.</summary>
    private const int RecalledMax = 1024;

    private readonly Dictionary<LogId, RefusedLog> _logs = [];

    // What the peer was told at the start: it sends nothing of these until it is asked to.
    private readonly Dictionary<LogId, RefusalMemory.Entry> _told = [];

    /// <summary>How many there are.</summary>
    public int Count => _logs.Count;

    /// <summary>All, ascending.</summary>
    public IEnumerable<RefusedLog> All => _logs.Values.OrderBy(static log => log.At);

    /// <summary>Whether the log is among them.</summary>
    public bool TryGet(LogId log, [MaybeNullWhen(false)] out RefusedLog refused) => _logs.TryGetValue(log, out refused);

    /// <summary>Remembers a hold: it is asked for at its time, or after a while that doubles.</summary>
    public void Hold(RunResult result, SignedRun run)
    {
        var now = effects.UnixMilliseconds;
        var tries = _logs.TryGetValue(result.At.Log, out var before) && before.IsHold ? before.Tries : 0;
        var delay = result.Until is { } until ? Clamp(until - now) : Doubled(options.HoldRetry, tries);
        _logs[result.At.Log] = new(result, run) { Tries = tries, Due = now + delay, NotBefore = now + Doubled(options.WantEvery, tries), ToldAt = now };
        memory?.Remember(result, run, tries, now + delay);
        Arm(now);
    }

    /// <summary>What was refused in earlier sessions: a new peer is told before it sends it.</summary>
    public List<RunResult> TakeRemembered()
    {
        var results = new List<RunResult>();
        foreach (var entry in memory?.All.Take(RecalledMax) ?? [])
        {
            results.Add(entry.Result);
            _told[entry.Result.At.Log] = entry;
        }

        return results;
    }

    /// <summary>Takes that the peer has the log so far: what was refused of it before stands between the two again.</summary>
    /// <param name="claim">What it has.</param>
    /// <param name="reach">How far the log reaches here.</param>
    /// <returns>Whether the log must be asked for: the peer was told that it is not taken, and that may be so no more.</returns>
    public bool Recall(Position claim, ulong reach)
    {
        var told = _told.GetValueOrDefault(claim.Log);
        var remembered = memory?.Find(claim.Log);
        if ((remembered ?? told) is not { } entry || claim.Seq < entry.Result.At.Seq || _logs.ContainsKey(claim.Log))
        {
            return false;
        }

        _ = _told.Remove(claim.Log);
        if (remembered is null || reach >= entry.Result.At.Seq)
        {
            // It came by another way, or another branch of it did.
            memory?.Forget(claim.Log);
            return told is not null;
        }

        var now = effects.UnixMilliseconds;
        _logs[claim.Log] = new(entry.Result, entry.Run) { Tries = entry.Tries, Due = entry.Due, NotBefore = now };
        Arm(now);
        return false;
    }

    /// <summary>Remembers a verdict that time does not change.</summary>
    public void Refuse(RunResult result, SignedRun run)
    {
        _logs[result.At.Log] = new(result, run) { ToldAt = effects.UnixMilliseconds };
        memory?.Remember(result, run, 0, null);
    }

    /// <summary>Remembers a gap.</summary>
    /// <returns>Whether the log must be asked for now; false if it was just asked for.</returns>
    public bool Gap(RunResult result, SignedRun run)
    {
        if (_logs.ContainsKey(result.At.Log))
        {
            return false;
        }

        var now = effects.UnixMilliseconds;
        _logs[result.At.Log] = new(result, run) { Tries = 1, IsAsked = true, Due = now + Doubled(options.WantEvery, 0) };
        Arm(now);
        return true;
    }

    /// <summary>Takes that a log reaches so far here.</summary>
    /// <returns>Whether that settled it while the peer still believes it held.</returns>
    public bool Settle(Position reached)
    {
        if (!_logs.TryGetValue(reached.Log, out var log) || !log.IsSettledAt(reached.Seq))
        {
            return false;
        }

        memory?.Forget(reached.Log);
        return _logs.Remove(reached.Log) && !log.IsAsked;
    }

    /// <summary>Takes that the peer goes on sending what is not taken.</summary>
    /// <returns>Whether to tell it again: it may have got the log only after it was told.</returns>
    public bool MustTell(RefusedLog log)
    {
        var now = effects.UnixMilliseconds;
        if (now - log.ToldAt < options.WantEvery.TotalMilliseconds)
        {
            return false;
        }

        log.ToldAt = now;
        return true;
    }

    /// <summary>Something became durable: what waits for a dependency is asked for soon.</summary>
    public void HastenDependents()
    {
        var now = effects.UnixMilliseconds;
        var isSooner = false;
        foreach (var log in _logs.Values)
        {
            if (log.Verdict == RunVerdict.DependencyMissing && log.NotBefore < log.Due)
            {
                log.Due = Math.Max(now, log.NotBefore);
                log.NotBefore = log.Due.Value;
                isSooner = true;
            }
        }

        if (isSooner)
        {
            Arm(now);
        }
    }

    /// <summary>The logs whose time has come, ascending; with any of them all that wait for a dependency.</summary>
    public List<LogId> TakeDue()
    {
        var now = effects.UnixMilliseconds;
        var due = _logs.Values.Where(log => IsDue(log, now)).ToList();
        if (due.Count > 0)
        {
            due.AddRange(_logs.Values.Where(log => log.Verdict == RunVerdict.DependencyMissing && !IsDue(log, now)));
        }

        foreach (var log in due)
        {
            log.IsAsked = true;
            log.Tries++;
            var isLast = log.Verdict == RunVerdict.Gap && log.Tries >= options.GapTriesMax;
            var pace = log.Verdict == RunVerdict.Gap ? options.WantEvery : options.HoldRetry;
            log.Due = isLast ? null : now + Doubled(pace, log.Tries);
            log.NotBefore = now + Doubled(options.WantEvery, log.Tries);
        }

        Arm(now);
        return [.. due.Select(static log => log.At.Log).Order()];
    }

    private static bool IsDue(RefusedLog log, long now) => log.Due is { } due && (due <= now || due - now > DelayMaxMilliseconds);

    private void Arm(long now)
    {
        var first = _logs.Values.Min(static log => log.Due);
        if (first is { } due)
        {
            effects.StartTimer(SyncTimer.Retry, TimeSpan.FromMilliseconds(Clamp(due - now)));
        }
    }

    private static long Doubled(TimeSpan pace, int doublings) =>
        Clamp((long)Math.Min(DelayMaxMilliseconds, pace.TotalMilliseconds) << Math.Min(doublings, DoublingsMax));

    private static long Clamp(long milliseconds) => Math.Clamp(milliseconds, DelayMinMilliseconds, DelayMaxMilliseconds);
}
