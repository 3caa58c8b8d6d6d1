using System.Collections.Immutable;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store.Memory;

/// <summary>All that a space in memory holds. Immutable, so that a snapshot or a way back is a reference.</summary>
internal sealed record MemoryState
{
    public static MemoryState Empty { get; } = new();

    public SpaceId? Space { get; init; }

    public BranchId? OwnBranch { get; init; }

    public Durability Durability { get; init; }

    public AppendedList<LogRow> Logs { get; init; }

    public AppendedList<StoredChange> Changes { get; init; }

    public AppendedList<StoredChange> SpaceChanges { get; init; }

    public ImmutableHashSet<string> ToOne { get; init; } = [];

    /// <summary>In order of the arrival of their first change.</summary>
    public AppendedList<RunRow> Runs { get; init; }

    public AppendedList<ContextRow> Contexts { get; init; }

    /// <summary>The branches that left an older chain, by the number and the head of each of their own changes.</summary>
    public ImmutableDictionary<(ulong Seq, HeadPrefix Head), BranchId> BranchHeads { get; init; } =
        ImmutableDictionary<(ulong Seq, HeadPrefix Head), BranchId>.Empty;

    public ImmutableDictionary<string, byte[]> Notes { get; init; } = ImmutableDictionary<string, byte[]>.Empty;

    public MemoryForest Tree { get; init; } = MemoryForest.Empty;

    public ImmutableDictionary<Target, MemoryElement> Elements { get; init; } = ImmutableDictionary<Target, MemoryElement>.Empty;

    /// <summary>The same content, from which another engine may go on: as a copy of a file is.</summary>
    public MemoryState Copy() => this with
    {
        Logs = Logs.Copy(),
        Changes = Changes.Copy(),
        SpaceChanges = SpaceChanges.Copy(),
        Runs = Runs.Copy(),
        Contexts = Contexts.Copy(),
    };

    /// <summary>The place of the first run that begins behind an arrival number.</summary>
    public int RunBehind(long arrival)
    {
        var (low, high) = (0, Runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Runs[middle].FirstArrival > arrival ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>The run that holds a change, or nothing. What is asked for is mostly new, so the newest are looked at first.</summary>
    public RunRow? FindRun(BranchId branch, ulong seq)
    {
        var runs = Runs.Span;
        for (var i = runs.Length - 1; i >= 0; i--)
        {
            if (runs[i].Branch == branch && runs[i].BaseSeq < seq && seq <= runs[i].LastSeq)
            {
                return runs[i];
            }
        }

        return null;
    }

    /// <summary>A change of a run.</summary>
    public StoredChange ChangeOf(RunRow run, ulong seq) => Changes[PlaceOf(run, seq)];

    /// <summary>Where among the changes one of a run is.</summary>
    public static int PlaceOf(RunRow run, ulong seq) => (int)run.FirstArrival - 1 + (int)(seq - run.BaseSeq - 1);
}
