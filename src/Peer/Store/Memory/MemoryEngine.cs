using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>A space in memory: for tests, simulation and spaces that need not last. Same contract as on SQLite.</summary>
/// <remarks>The state is immutable: a commit publishes it, a rollback returns to the one published, a reader holds one.</remarks>
internal sealed class MemoryEngine : IStoreEngine
{
    private MemoryState _state = MemoryState.Empty;
    private volatile MemoryState _committed = MemoryState.Empty;
    private MemoryState? _mark;

    public MemoryEngine() => Tree = new MemoryTree(() => _state.Tree, tree => _state = _state with { Tree = tree });

    public ITreeEngine Tree { get; }

    public StoredSpace Load() => new(_state.Space, _state.OwnBranch, _state.Logs, _state.Changes.Count);

    public void Begin()
    {
    }

    public void Commit() => _committed = _state;

    public void Rollback() => _state = _committed;

    public void Mark() => _mark = _state;

    public void DropMark() => _mark = null;

    public void ReturnToMark()
    {
        _state = _mark!;
        _mark = null;
    }

    public ElementRow? LoadElement(Target target) => _state.Elements.TryGetValue(target, out var row) ? row : null;

    public void SaveElement(Target target, in ElementRow row) =>
        _state = _state with { Elements = _state.Elements.SetItem(target, row) };

    public IReadOnlyList<Target.Edge> ReadAliveEdges(string from, string relation) => [.. _state.Elements
        .Where(pair => pair.Value.IsAlive && pair.Key is Target.Edge edge && edge.From == from && edge.Relation == relation)
        .Select(static pair => (Target.Edge)pair.Key)];

    public void SaveToOne(IReadOnlyList<string> relations) => _state = _state with { ToOne = [.. relations] };

    public void AppendChange(in StoredChange change, bool isOnSpace) => _state = _state with
    {
        Changes = _state.Changes.Add(change),
        SpaceChanges = isOnSpace ? _state.SpaceChanges.Add(change) : _state.SpaceChanges,
    };

    public void AppendRun(RunRow run) => _state = _state with { Runs = _state.Runs.Add(run.FirstArrival, run) };

    public void AppendContext(ContextRow row) => _state = _state with { Contexts = _state.Contexts.Add(row) };

    public void SaveLog(LogRow log) => _state = _state with
    {
        Logs = log.Branch.Value < _state.Logs.Count ? _state.Logs.SetItem(log.Branch.Value, log) : _state.Logs.Add(log),
    };

    public void SaveIdentity(SpaceId? space, BranchId? ownBranch) => _state = _state with { Space = space, OwnBranch = ownBranch };

    public IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq)
    {
        var rows = _state.Contexts.FindAll(row => row.Branch == branch && row.Seq <= seq);
        var full = rows.FindLastIndex(static row => row.IsFull);
        return full > 0 ? rows.GetRange(full, rows.Count - full) : rows;
    }

    public RunRow? FindRun(BranchId branch, ulong seq) =>
        _state.Runs.Values.FirstOrDefault(run => run.Branch == branch && run.BaseSeq < seq && seq <= run.LastSeq);

    public IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last)
    {
        var found = new List<StoredChange>();
        foreach (var run in _state.Runs.Values.Where(run => run.Branch == branch && run.BaseSeq < last && run.LastSeq >= first))
        {
            for (var seq = Math.Max(first, run.BaseSeq + 1); seq <= Math.Min(last, run.LastSeq); seq++)
            {
                found.Add(_state.Changes[(int)run.FirstArrival - 1 + (int)(seq - run.BaseSeq - 1)]);
            }
        }

        return found;
    }

    public IReadOnlyList<StoredChange> ReadSpaceChanges() => _state.SpaceChanges;

    public IStoreReader OpenReader() => new MemoryReader(_committed);

    public void Dispose()
    {
    }
}
