using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>The validity rules of the format, one change at a time: the same on every replica.</summary>
internal sealed class ChangeCheck(SpaceLedger ledger, LogTable logs)
{
    private const int FirstAdvisory = 128;

    /// <summary>The author's role in the past of the run's changes; nothing until it is asked for and after a change on the space.</summary>
    private Role? _role;

    /// <summary>The rules that need no merging: number, deps, clock.</summary>
    /// <returns>What is wrong, or nothing.</returns>
    public RunResult? BeforeMerge(Change change, Dot place, HybridTimestamp previous, bool isFirstOfRun, long now)
    {
        if (change.Dot != place)
        {
            return Bad(place, RunVerdict.Invalid, $"the change calls itself {change.Dot} and stands at {place}");
        }

        if (change.Deps.Count > 0 && !isFirstOfRun)
        {
            return Bad(place, RunVerdict.Forged, "a change inside a run has deps; only a run's first may");
        }

        if (change.Time.CompareTo(previous) <= 0)
        {
            return Bad(place, RunVerdict.Invalid, $"its stamp {change.Time} is not after the previous one, {previous}");
        }

        foreach (var dep in change.Deps)
        {
            if (logs.Locate(dep) is null)
            {
                return Bad(place, RunVerdict.DependencyMissing, $"it depends on {dep}, which is not applied here");
            }
        }

        var ahead = change.Time.UnixMilliseconds - now - RunApplier.ClockAheadMaxMilliseconds;
        return ahead > 0
            ? Bad(place, RunVerdict.ClockAhead, $"its stamp {change.Time} is more than 5 minutes ahead of the clock here")
                with
            { Until = now + ahead }
            : null;
    }

    /// <summary>Merges a change under the rules on authority.</summary>
    /// <returns>What is wrong, or nothing; if wrong, part of it may be merged and must be dropped.</returns>
    public RunResult? Merge(Change change, AuthorKey author, BranchId branch, VersionVector context)
    {
        // Roles keep the context they were given, so it must be one that nobody changes any more.
        var isOnSpace = change.IsOnSpace;
        var past = isOnSpace ? context.Clone() : context;
        foreach (var dep in change.Deps)
        {
            if (change.Time.CompareTo(TimeOf(dep)) <= 0)
            {
                return Bad(change.Dot, RunVerdict.Invalid, $"its stamp {change.Time} is not after that of {dep}");
            }
        }

        if (change.Dot.Seq == 1 && logs.CountIn(past) >= ChangeLimits.LogsMax)
        {
            return Bad(change.Dot, RunVerdict.Invalid, $"it begins a log, and {ChangeLimits.LogsMax} logs are in its past ({TooManyLogsException.Code})");
        }

        var index = 0;
        var isFounding = false;
        foreach (var group in change.Groups)
        {
            foreach (var operation in group.Operations)
            {
                var at = new OperationContext(past, branch, change.Dot.Seq, index++);
                isFounding |= operation is Operation.Genesis;
                if (operation is Operation.Advisory { Code: < FirstAdvisory } unknown
                    && ledger.Roles.LevelIn(at) <= ChangeLimits.LevelKnown)
                {
                    return Bad(change.Dot, RunVerdict.Invalid, $"the operation {unknown.Code} is above the space's format level there");
                }

                if (operation is Operation.Admit admit
                    && !ledger.Roles.IsValid(admit, author, at, a => ledger.Identity.VerifyAdmit(ledger.Space!.Value, a)))
                {
                    return Bad(change.Dot, RunVerdict.BadAdmission, "it admits a device under no valid invitation");
                }

                ledger.Merge(group.Target, operation, at, change.Time, author);
            }
        }

        // All that a later change of a run has in its past beside the run itself is in the past of the first.
        var role = _role ?? ledger.Roles.RoleIn(author, new(past, branch, change.Dot.Seq, 0));
        _role = isOnSpace ? null : role;
        if (!isFounding && role < Role.Writer)
        {
            return Bad(change.Dot, RunVerdict.NotAWriter, "its author is not a writer in the change's own past");
        }

        var level = ledger.Roles.LevelIn(new(past, branch, change.Dot.Seq, index));
        return level <= ChangeLimits.LevelKnown
            ? null
            : Bad(change.Dot, RunVerdict.NewerVersion, $"it needs format level {level}; this version knows {ChangeLimits.LevelKnown}");
    }

    private HybridTimestamp TimeOf(Position dep) => logs.TimeAt(logs.BranchOf(dep), dep.Seq);

    private static RunResult Bad(Dot place, RunVerdict verdict, string detail) =>
        new(new(place.Log, place.Seq, default), verdict, null, detail);
}
