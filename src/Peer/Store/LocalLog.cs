using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>Makes this replica's own changes and closes them into signed runs.</summary>
internal sealed class LocalLog(SpaceLedger ledger, IStoreEngine engine, LogTable logs)
{
    private readonly List<HeadPrefix> _openHeads = [];
    private RunRow? _open;

    /// <summary>Drops the open run, after the store's transaction was given up.</summary>
    public void Forget()
    {
        _open = null;
        _openHeads.Clear();
    }

    /// <summary>The chain head at a change of the open run, or nothing.</summary>
    public HeadPrefix? OpenHead(BranchId branch, ulong seq) =>
        _open is { } run && run.Branch == branch && seq > run.BaseSeq && seq - run.BaseSeq <= (ulong)_openHeads.Count
            ? _openHeads[(int)(seq - run.BaseSeq) - 1]
            : null;

    /// <summary>Writes the founding change as a run of its own.</summary>
    public ChangeHash Found(string name, IncarnationNonce nonce, long now)
    {
        if (ledger.Space is not null)
        {
            throw new InvalidOperationException("The store holds a space already: found a new one in an empty store.");
        }

        Names.Check(name, "display name");
        var author = ledger.Identity.Author;
        var log = logs.Add(LogId.Derive(author, nonce), author, name);
        ledger.SetIdentity(null, log.Branch);
        var transaction = new LocalTransaction(ledger, log, [], logs.ContextOf(log.Branch, []), ledger.Clock.Next(now));
        transaction.Add(Target.Space.Instance, new Operation.Header(author, nonce, name));
        transaction.Add(Target.Space.Instance, new Operation.Genesis());
        var change = transaction.ToChange();
        Append(change, transaction.Context);
        CloseRun();
        return change.Hash();
    }

    /// <summary>Runs one transaction; on an exception nothing of it stays but, if it was the first here, the opened log.</summary>
    public T Transact<T>(Func<ITransaction, T> body, (string Name, IncarnationNonce Nonce) identity, long now, out Change? change)
    {
        if (ledger.OwnBranch is null)
        {
            Open(identity.Name, identity.Nonce, now);
        }

        var log = logs[ledger.OwnBranch!.Value];
        var deps = logs.Frontier(log.Branch);
        if (deps.Length > 0)
        {
            // Only the first change of a run may have deps.
            CloseRun();
        }

        var transaction = new LocalTransaction(ledger, log, deps, logs.ContextOf(log.Branch, deps), ledger.Clock.Next(now));
        if (ledger.Roles.RoleIn(log.Author, new(transaction.Context, log.Branch, log.Seq + 1, 0)) < Role.Writer)
        {
            throw new NotAdmittedException();
        }

        try
        {
            var result = body(transaction);
            change = transaction.IsEmpty ? null : transaction.ToChange();
            if (change is null)
            {
                ledger.Discard();
                return result;
            }

            Append(change, transaction.Context);
            return result;
        }
        catch
        {
            ledger.Discard();
            if (transaction.IsOnSpace)
            {
                ledger.ReloadSpaceChanges();
            }

            throw;
        }
    }

    /// <summary>Signs the head of the open run and keeps it.</summary>
    public void CloseRun()
    {
        if (_open is not { } run)
        {
            return;
        }

        var log = logs[run.Branch];
        var space = ledger.Space ?? default;
        var end = new Dot(log.Log, log.Seq);
        engine.AppendRun(run with { LastSeq = log.Seq, Head = log.Head, Signature = ledger.Identity.SignHead(space, end, log.Head) });
        Forget();
    }

    private void Open(string name, IncarnationNonce nonce, long now)
    {
        var author = ledger.Identity.Author;
        if (ledger.RoleOf(author) < Role.Writer)
        {
            throw new NotAdmittedException();
        }

        if (logs.Count >= ChangeLimits.LogsMax)
        {
            throw new TooManyLogsException();
        }

        // Whatever can fail comes before the first trace: a log without its header could never be written to.
        Names.Check(name, "display name");
        var log = logs.Add(LogId.Derive(author, nonce), author, name);
        ledger.SetIdentity(ledger.Space, log.Branch);
        var deps = logs.Frontier(log.Branch);
        var transaction = new LocalTransaction(ledger, log, deps, logs.ContextOf(log.Branch, deps), ledger.Clock.Next(now));
        transaction.Add(Target.Space.Instance, new Operation.Header(author, nonce, name));
        Append(transaction.ToChange(), transaction.Context);
    }

    private void Append(Change change, VersionVector context)
    {
        if (_open is { } full && (change.Dot.Seq - full.BaseSeq > ChangeLimits.RunChangesMax
            || full.Bytes + change.Bytes.Length > ChangeLimits.RunBytesMax))
        {
            CloseRun();
        }

        var log = logs[ledger.OwnBranch!.Value];
        _open ??= new(ledger.LastArrival + 1, log.Branch, log.Seq, 0, log.Head, default, default, 0);
        _open = _open with { Bytes = _open.Bytes + change.Bytes.Length };
        var head = log.Head.Append(change.Hash());
        _openHeads.Add(head.Prefix);
        ledger.Append([change], log.Branch, head, context);
        ledger.Accept();
    }
}
