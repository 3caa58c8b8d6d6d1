using System.Collections.Immutable;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>A space in memory: for tests, simulation and spaces that need not last. Same contract as on SQLite.</summary>
/// <remarks>
/// The state is immutable: a commit publishes it, a rollback returns to the one published, a reader holds one. Elements
/// and changes gather beside it until then.
/// </remarks>
internal sealed class MemoryEngine : IStoreEngine
{
    private MemoryState _state;
    private volatile MemoryState _committed;
    private ImmutableDictionary<Target, MemoryElement>.Builder _elements;
    private AppendedList<StoredChange> _changes;
    private MemoryState? _mark;
    private ICausalView? _order;

    /// <summary>An empty space.</summary>
    public MemoryEngine()
        : this(MemoryState.Empty)
    {
    }

    /// <summary>A space with content.</summary>
    /// <param name="state">What another engine committed: a <see cref="MemoryState.Copy"/>, unless that engine is not used any more.</param>
    public MemoryEngine(MemoryState state)
    {
        _state = state;
        _committed = state;
        _elements = state.Elements.ToBuilder();
        _changes = state.Changes;
        Tree = new MemoryTree(() => _state.Tree, tree => _state = _state with { Tree = tree });
    }

    /// <summary>What is committed.</summary>
    public MemoryState Committed => _committed;

    public ITreeEngine Tree { get; }

    public StoredSpace Load() => new(_state.Space, _state.OwnBranch, _state.Logs, _changes.Count);

    public void Begin()
    {
    }

    public void Commit() => _committed = _state = Whole();

    public bool IsSynced { get; set; } = true;

    public void Flush()
    {
    }

    public Durability Durability => _state.Durability;

    public void SaveDurability(Durability durability) => _state = _state with { Durability = durability };

    public void Reopen() => ReturnTo(_committed);

    public void Rollback() => ReturnTo(_committed);

    public void Mark() => _mark = _state = Whole();

    public void DropMark() => _mark = null;

    public void ReturnToMark()
    {
        ReturnTo(_mark!);
        _mark = null;
    }

    public ElementRow? LoadElement(Target target) => _elements.TryGetValue(target, out var element) ? element.Row(_order!) : null;

    public void SaveElement(Target target, in ElementRow row) => _elements[target] = new(row);

    public Element? FindElement(Target target) => _elements.TryGetValue(target, out var element) ? element.ToElement(target is Target.Edge) : null;

    public void SaveElement(Target target, Element element, ICausalView order)
    {
        _elements[target] = new(element);
        _order = order;
    }

    public IReadOnlyList<Target.Edge> ReadAliveEdges(string from, string relation) => [.. _elements
        .Where(pair => pair.Value.IsAlive && pair.Key is Target.Edge edge && edge.From == from && edge.Relation == relation)
        .Select(static pair => (Target.Edge)pair.Key)];

    public void SaveToOne(IReadOnlyList<string> relations) => _state = _state with { ToOne = [.. relations] };

    public void AppendChange(in StoredChange change, bool isOnSpace)
    {
        _changes = _changes.Add(change);
        if (isOnSpace)
        {
            _state = _state with { SpaceChanges = _state.SpaceChanges.Add(change) };
        }
    }

    public void AppendRun(RunRow run) => _state = _state with { Runs = _state.Runs.Insert(_state.RunBehind(run.FirstArrival), run) };

    public void AppendContext(ContextRow row) => _state = _state with { Contexts = _state.Contexts.Add(row) };

    public void AppendBranchHead(BranchId branch, ulong seq, HeadPrefix head) =>
        _state = _state with { BranchHeads = _state.BranchHeads.SetItem((seq, head), branch) };

    public BranchId? FindBranchHead(ulong seq, HeadPrefix head) =>
        _state.BranchHeads.TryGetValue((seq, head), out var branch) ? branch : null;

    public void SaveNote(string name, byte[]? note) => _state = _state with
    {
        Notes = note is null ? _state.Notes.Remove(name) : _state.Notes.SetItem(name, note),
    };

    public byte[]? ReadNote(string name) => _state.Notes.GetValueOrDefault(name);

    public void SaveLog(LogRow log) => _state = _state with
    {
        Logs = log.Branch.Value < _state.Logs.Count ? _state.Logs.SetItem(log.Branch.Value, log) : _state.Logs.Add(log),
    };

    public void SaveIdentity(SpaceId? space, BranchId? ownBranch) => _state = _state with { Space = space, OwnBranch = ownBranch };

    public IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq)
    {
        var found = new List<ContextRow>();
        var rows = _state.Contexts.Span;
        for (var i = rows.Length - 1; i >= 0 && (found.Count == 0 || !found[^1].IsFull); i--)
        {
            if (rows[i].Branch == branch && rows[i].Seq <= seq)
            {
                found.Add(rows[i]);
            }
        }

        found.Reverse();
        return found;
    }

    public RunRow? FindRun(BranchId branch, ulong seq) => _state.FindRun(branch, seq);

    public IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last)
    {
        var found = new List<StoredChange>();
        for (var seq = first; seq <= last && _state.FindRun(branch, seq) is { } run;)
        {
            for (; seq <= Math.Min(last, run.LastSeq); seq++)
            {
                found.Add(_changes[MemoryState.PlaceOf(run, seq)]);
            }
        }

        return found;
    }

    public IReadOnlyList<StoredChange> ReadSpaceChanges() => _state.SpaceChanges;

    public IStoreReader OpenReader() => new MemoryReader(_committed);

    public void Dispose()
    {
    }

    private MemoryState Whole() => _state with { Elements = _elements.ToImmutable(), Changes = _changes };

    private void ReturnTo(MemoryState state)
    {
        _state = state;
        _elements = state.Elements.ToBuilder();
        _changes = state.Changes;
    }
}
