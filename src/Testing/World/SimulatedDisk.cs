using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;

namespace Replica.Testing.World;

/// <summary>A store as one process has it open, with the faults of its disk and the end of the process.</summary>
internal sealed class SimulatedDisk : IStoreEngine
{
    private readonly IStoreEngine _inner;
    private readonly Action _onDeath;
    private bool _isDead;
    private readonly Action _onDurable;
    private int? _writesLeft;
    private bool _isSynced = true;

    private SimulatedDisk(IStoreEngine inner, Action onDeath, Action onDurable)
    {
        _inner = inner;
        _onDeath = onDeath;
        _onDurable = onDurable;
    }

    /// <summary>What happens at the next commit.</summary>
    public CommitFault NextCommit { get; set; }

    /// <summary>Opens a store for a process.</summary>
    /// <param name="inner">The store.</param>
    /// <param name="onDeath">Told when the process dies inside a commit.</param>
    /// <param name="onDurable">Told when all that is committed is on disk.</param>
    public static SimulatedDisk Open(IStoreEngine inner, Action onDeath, Action onDurable) => new(inner, onDeath, onDurable);

    public ITreeEngine Tree => Alive().Tree;

    /// <summary>After so many more writes the disk is full.</summary>
    public void FillUp(int writesLeft) => _writesLeft = writesLeft;

    /// <summary>There is room on the disk again.</summary>
    public void Free() => _writesLeft = null;

    /// <summary>Whether nothing can be read or written.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The process is gone: nothing that still holds this store may do anything with it.</summary>
    public void Die() => _isDead = true;

    public StoredSpace Load() => Alive().Load();

    public void Begin() => Alive().Begin();

    public void Commit()
    {
        var engine = Writable();
        var fault = NextCommit;
        NextCommit = CommitFault.None;
        switch (fault)
        {
            case CommitFault.None:
                Commit(engine);
                break;
            case CommitFault.Unknown:
                Commit(engine);
                throw new StoreException(StoreFault.InputOutput, "The commit failed, or its answer was lost.") { IsInCommit = true };
            default:
                if (fault == CommitFault.DiesAfter)
                {
                    Commit(engine);
                }

                Die();
                _onDeath();
                throw Dead();
        }
    }

    public bool IsSynced
    {
        get => _isSynced;
        set
        {
            Alive().IsSynced = value;
            _isSynced = value;
        }
    }

    public Durability Durability => Alive().Durability;

    public void SaveDurability(Durability durability) => Writable().SaveDurability(durability);

    public void Flush()
    {
        Writable().Flush();
        _onDurable();
    }

    public void Reopen()
    {
        Writable().Reopen();
        _onDurable();
    }

    public void Rollback() => Alive().Rollback();

    public void Mark() => Alive().Mark();

    public void DropMark() => Alive().DropMark();

    public void ReturnToMark() => Alive().ReturnToMark();

    public ElementRow? LoadElement(Target target) => Alive().LoadElement(target);

    public void SaveElement(Target target, in ElementRow row) => Writable().SaveElement(target, row);

    public Element? FindElement(Target target) => Alive().FindElement(target);

    public void SaveElement(Target target, Element element, ICausalView order) => Writable().SaveElement(target, element, order);

    public IReadOnlyList<Target.Edge> ReadAliveEdges(string from, string relation) => Alive().ReadAliveEdges(from, relation);

    public void SaveToOne(IReadOnlyList<string> relations) => Writable().SaveToOne(relations);

    public void AppendChange(in StoredChange change, bool isOnSpace) => Writable().AppendChange(change, isOnSpace);

    public void AppendRun(RunRow run) => Writable().AppendRun(run);

    public void AppendContext(ContextRow row) => Writable().AppendContext(row);

    public void AppendBranchHead(BranchId branch, ulong seq, HeadPrefix head) => Writable().AppendBranchHead(branch, seq, head);

    public BranchId? FindBranchHead(ulong seq, HeadPrefix head) => Alive().FindBranchHead(seq, head);

    public void SaveNote(string name, byte[]? note) => Writable().SaveNote(name, note);

    public byte[]? ReadNote(string name) => Alive().ReadNote(name);

    public void SaveLog(LogRow log) => Writable().SaveLog(log);

    public void SaveIdentity(SpaceId? space, BranchId? ownBranch) => Writable().SaveIdentity(space, ownBranch);

    public IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq) => Alive().ReadContexts(branch, seq);

    public RunRow? FindRun(BranchId branch, ulong seq) => Alive().FindRun(branch, seq);

    public IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last) => Alive().ReadChanges(branch, first, last);

    public IReadOnlyList<StoredChange> ReadSpaceChanges() => Alive().ReadSpaceChanges();

    public IStoreReader OpenReader() => Alive().OpenReader();

    public void Dispose() => _inner.Dispose();

    private void Commit(IStoreEngine engine)
    {
        engine.Commit();
        if (_isSynced)
        {
            _onDurable();
        }
    }

    private IStoreEngine Alive() => _isDead ? throw Dead()
        : IsBroken ? throw new StoreException(StoreFault.InputOutput, "The simulated disk does not answer.")
        : _inner;

    private IStoreEngine Writable()
    {
        if (_writesLeft is { } left)
        {
            _writesLeft = Math.Max(0, left - 1);
            if (left == 0)
            {
                throw new StoreException(StoreFault.DiskFull, "The simulated disk is full.");
            }
        }

        return Alive();
    }

    private static StoreException Dead() => new(StoreFault.Closed, "The simulated process has ended.");
}
