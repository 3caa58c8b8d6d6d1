using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store.Memory;

/// <summary>All that a space in memory holds.</summary>
internal sealed class MemoryState
{
    public SpaceId? Space { get; set; }

    public BranchId? OwnBranch { get; set; }

    public List<LogRow> Logs { get; private init; } = [];

    public List<StoredChange> Changes { get; private init; } = [];

    public List<StoredChange> SpaceChanges { get; private init; } = [];

    public List<RunRow> Runs { get; private init; } = [];

    public List<ContextRow> Contexts { get; private init; } = [];

    public Dictionary<Target, ElementRow> Elements { get; private init; } = [];

    public MemoryState Copy() => new()
    {
        Space = Space,
        OwnBranch = OwnBranch,
        Logs = [.. Logs],
        Changes = [.. Changes],
        Runs = [.. Runs],
        Elements = new(Elements),
    };
}
