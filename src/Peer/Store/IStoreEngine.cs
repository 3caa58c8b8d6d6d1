using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store;

/// <summary>Where a space rests: the one writer's side. Two implementations pass one conformance suite.</summary>
/// <remarks>Between <see cref="Begin"/> and <see cref="Commit"/> reads see what was written; readers do not.</remarks>
internal interface IStoreEngine : IDisposable
{
    /// <summary>The part that the ledger keeps in memory.</summary>
    StoredSpace Load();

    /// <summary>Starts a transaction.</summary>
    void Begin();

    /// <summary>Ends the transaction; when it returns, readers see all of it, and it is on disk if <see cref="IsSynced"/>.</summary>
    void Commit();

    /// <summary>Whether commits wait for the disk; true at first. Set between transactions.</summary>
    bool IsSynced { get; set; }

    /// <summary>Puts on disk what was committed without waiting for it. Between transactions.</summary>
    void Flush();

    /// <summary>What the space was set to.</summary>
    Durability Durability { get; }

    /// <summary>Sets the space to it, in a transaction; <see cref="IsSynced"/> is the caller's to follow.</summary>
    void SaveDurability(Durability durability);

    /// <summary>Closes the store and opens it after a failed commit: what is then loaded is on disk. Between transactions.</summary>
    /// <exception cref="StoreException">It can't be opened; nothing can be written until this succeeds.</exception>
    void Reopen();

    /// <summary>Gives the transaction up.</summary>
    void Rollback();

    /// <summary>Sets a mark inside the transaction; one at a time.</summary>
    void Mark();

    /// <summary>Keeps what was written since the mark.</summary>
    void DropMark();

    /// <summary>Takes back what was written since the mark.</summary>
    void ReturnToMark();

    /// <summary>Moves and placements.</summary>
    ITreeEngine Tree { get; }

    /// <summary>The element's row, or nothing if no operation touched it.</summary>
    ElementRow? LoadElement(Target target);

    /// <summary>Puts the element's row in place of the one before.</summary>
    void SaveElement(Target target, in ElementRow row);

    /// <summary>The element, not to be changed, or nothing if no operation touched it.</summary>
    Element? FindElement(Target target);

    /// <summary>Puts the element in place of the one before. Nobody may change it afterwards.</summary>
    /// <param name="target">The node or edge.</param>
    /// <param name="element">What it is now.</param>
    /// <param name="order">Orders its stamps.</param>
    void SaveElement(Target target, Element element, ICausalView order);

    /// <summary>The edges of one relation that leave a node and are alive, whether they show or not; in any order.</summary>
    IReadOnlyList<Target.Edge> ReadAliveEdges(string from, string relation);

    /// <summary>Keeps which relations are to-one, for readers.</summary>
    void SaveToOne(IReadOnlyList<string> relations);

    /// <summary>Appends a change to the order of application.</summary>
    /// <param name="change">The change with its arrival number, the greatest so far.</param>
    /// <param name="isOnSpace">Whether it holds an operation on the space, to be read again at open.</param>
    void AppendChange(in StoredChange change, bool isOnSpace);

    /// <summary>Keeps a run whose changes were appended.</summary>
    void AppendRun(RunRow run);

    /// <summary>Keeps what a change with deps added to its log's context.</summary>
    void AppendContext(ContextRow row);

    /// <summary>Keeps the chain head at a change of a branch that left an older chain, so that its branch can be found by it.</summary>
    void AppendBranchHead(BranchId branch, ulong seq, HeadPrefix head);

    /// <summary>The branch whose own part has this chain head at this number, of those that left an older chain; or nothing.</summary>
    BranchId? FindBranchHead(ulong seq, HeadPrefix head);

    /// <summary>Puts the log's row in place of the one before, or adds it.</summary>
    void SaveLog(LogRow log);

    /// <summary>Keeps the name of the space and which branch this replica writes.</summary>
    void SaveIdentity(SpaceId? space, BranchId? ownBranch);

    /// <summary>Keeps a small fact that only this replica needs, or forgets it.</summary>
    void SaveNote(string name, byte[]? note);

    /// <summary>A fact that was kept, or nothing.</summary>
    byte[]? ReadNote(string name);

    /// <summary>The context rows needed to know the context at a change: the last full one and those after it.</summary>
    IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq);

    /// <summary>The run that holds a change, or nothing.</summary>
    RunRow? FindRun(BranchId branch, ulong seq);

    /// <summary>The changes of a branch from one number through another.</summary>
    IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last);

    /// <summary>The changes with operations on the space, in order of application.</summary>
    IReadOnlyList<StoredChange> ReadSpaceChanges();

    /// <summary>A snapshot of what is committed now. Any thread; dispose it soon.</summary>
    IStoreReader OpenReader();
}
