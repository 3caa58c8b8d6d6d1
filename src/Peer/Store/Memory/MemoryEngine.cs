using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store.Memory;

/// <summary>A space in memory: for tests, simulation and spaces that need not last. Same contract as on SQLite.</summary>
/// <remarks>A transaction is kept as a list of what undoes it. Readers copy under the lock that commits take.</remarks>
internal sealed class MemoryEngine : IStoreEngine
{
    private readonly Lock _gate = new();
    private readonly List<Action> _undo = [];
    private readonly MemoryState _state = new();
    private MemoryState _committed = new();
    private bool _isSnapshotStale;

    public StoredSpace Load() => new(_state.Space, _state.OwnBranch, [.. _state.Logs], _state.Changes.Count);

    public void Begin() => _undo.Clear();

    public void Commit()
    {
        lock (_gate)
        {
            _undo.Clear();
            _isSnapshotStale = true;
        }
    }

    public void Rollback()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            _undo[i]();
        }

        _undo.Clear();
    }

    public ElementRow? LoadElement(Target target) => _state.Elements.TryGetValue(target, out var row) ? row : null;

    public void SaveElement(Target target, in ElementRow row)
    {
        if (_state.Elements.TryGetValue(target, out var before))
        {
            _undo.Add(() => _state.Elements[target] = before);
        }
        else
        {
            _undo.Add(() => _state.Elements.Remove(target));
        }

        _state.Elements[target] = row;
    }

    public void AppendChange(in StoredChange change, bool isOnSpace)
    {
        _state.Changes.Add(change);
        _undo.Add(() => _state.Changes.RemoveAt(_state.Changes.Count - 1));
        if (isOnSpace)
        {
            _state.SpaceChanges.Add(change);
            _undo.Add(() => _state.SpaceChanges.RemoveAt(_state.SpaceChanges.Count - 1));
        }
    }

    public void AppendRun(RunRow run)
    {
        _state.Runs.Add(run);
        _undo.Add(() => _state.Runs.RemoveAt(_state.Runs.Count - 1));
    }

    public void AppendContext(ContextRow row)
    {
        _state.Contexts.Add(row);
        _undo.Add(() => _state.Contexts.RemoveAt(_state.Contexts.Count - 1));
    }

    public void SaveLog(LogRow log)
    {
        if (log.Branch.Value < _state.Logs.Count)
        {
            var before = _state.Logs[log.Branch.Value];
            _undo.Add(() => _state.Logs[before.Branch.Value] = before);
            _state.Logs[log.Branch.Value] = log;
        }
        else
        {
            _state.Logs.Add(log);
            _undo.Add(() => _state.Logs.RemoveAt(_state.Logs.Count - 1));
        }
    }

    public void SaveIdentity(SpaceId? space, BranchId? ownBranch)
    {
        var before = (_state.Space, _state.OwnBranch);
        _undo.Add(() => (_state.Space, _state.OwnBranch) = before);
        (_state.Space, _state.OwnBranch) = (space, ownBranch);
    }

    public IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq)
    {
        var rows = _state.Contexts.FindAll(row => row.Branch == branch && row.Seq <= seq);
        var full = rows.FindLastIndex(static row => row.IsFull);
        return full > 0 ? rows[full..] : rows;
    }

    public RunRow? FindRun(BranchId branch, ulong seq) =>
        _state.Runs.Find(run => run.Branch == branch && run.BaseSeq < seq && seq <= run.LastSeq);

    public IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last)
    {
        var found = new List<StoredChange>();
        foreach (var run in _state.Runs.Where(run => run.Branch == branch && run.BaseSeq < last && run.LastSeq >= first))
        {
            for (var seq = Math.Max(first, run.BaseSeq + 1); seq <= Math.Min(last, run.LastSeq); seq++)
            {
                found.Add(_state.Changes[(int)run.FirstArrival - 1 + (int)(seq - run.BaseSeq - 1)]);
            }
        }

        return found;
    }

    public IReadOnlyList<StoredChange> ReadSpaceChanges() => _state.SpaceChanges;

    public IStoreReader OpenReader()
    {
        lock (_gate)
        {
            if (_isSnapshotStale)
            {
                _committed = _state.Copy();
                _isSnapshotStale = false;
            }

            return new MemoryReader(_committed);
        }
    }

    public void Dispose()
    {
    }
}
