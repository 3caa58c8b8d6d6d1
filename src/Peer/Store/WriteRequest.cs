namespace Replica.Peer.Store;

/// <summary>One piece of work for the writer. Its caller learns the outcome when the group is committed, and on disk where that is due.</summary>
internal abstract class WriteRequest
{
    /// <summary>Whether the caller is told only when the work is on disk.</summary>
    public abstract bool IsOnDisk { get; }

    /// <summary>Does the work inside the store's transaction; its own failure is kept, a store's is thrown.</summary>
    public abstract void Execute(SpaceLedger ledger);

    /// <summary>Tells the caller what <see cref="Execute"/> gave.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that the commit failed.</summary>
    public abstract void Fail(Exception fault);
}
