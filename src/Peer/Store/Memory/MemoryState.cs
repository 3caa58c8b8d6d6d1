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

    public ImmutableList<LogRow> Logs { get; init; } = [];

    public ImmutableList<StoredChange> Changes { get; init; } = [];

    public ImmutableList<StoredChange> SpaceChanges { get; init; } = [];

    public ImmutableHashSet<string> ToOne { get; init; } = [];

    /// <summary>By the arrival of their first change.</summary>
    public ImmutableSortedDictionary<long, RunRow> Runs { get; init; } = ImmutableSortedDictionary<long, RunRow>.Empty;

    public ImmutableList<ContextRow> Contexts { get; init; } = [];

    public MemoryForest Tree { get; init; } = MemoryForest.Empty;

    public ImmutableDictionary<Target, ElementRow> Elements { get; init; } = ImmutableDictionary<Target, ElementRow>.Empty;
}
