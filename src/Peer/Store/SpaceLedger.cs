using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Store;

/// <summary>
/// The one place where changes are made, checked and merged: local transactions and remote runs alike. One owner, no
/// task, no clock; the writer calls it between <see cref="Begin"/> and <see cref="Commit"/>.
/// </summary>
internal sealed class SpaceLedger : ICausalView
{
    /// <summary>How many chain heads are remembered, of sets that counters are added to; at the limit all are forgotten.</summary>
    private const int HeadsMax = 4096;

    private readonly IStoreEngine _engine;
    private readonly LogTable _logs;
    private readonly LocalLog _local;
    private readonly RunApplier _applier;
    private readonly Dictionary<(BranchId Branch, ulong Seq), HeadPrefix> _heads = [];
    private OperationContext _at;
    private bool _hasNewRelations;

    private const string EndedNote = "ended";

    public SpaceLedger(IStoreEngine engine, LedgerIdentity identity)
    {
        _engine = engine;
        Identity = identity;
        _logs = new(engine);
        Elements = new(engine, this);
        Tree = new(engine, this);
        _local = new(this, engine, _logs);
        _applier = new(this, engine, _logs);
        Places = new(this, _logs);
        Order = new(engine);
        Reload();
    }

    /// <summary>Who writes here, and how signatures are made and checked.</summary>
    public LedgerIdentity Identity { get; }

    /// <summary>The name of the space; nothing before it is founded or joined.</summary>
    public SpaceId? Space { get; private set; }

    /// <summary>The branch that this replica writes; nothing before its first write.</summary>
    public BranchId? OwnBranch { get; private set; }

    /// <summary>The own log before the present one, and why it ended; nothing if none did.</summary>
    public EndedLog? Ended { get; private set; }

    /// <summary>The log that this replica writes; nothing before its first write.</summary>
    public LogRow? OwnLog => OwnBranch is { } own && _logs[own].Seq > 0 ? _logs[own] : null;

    /// <summary>Finds places of logs that peers speak of.</summary>
    public PlaceFinder Places { get; }

    /// <summary>The name of the order of application.</summary>
    public OrderNote Order { get; }

    /// <summary>The clock that stamps local changes.</summary>
    public HybridClock Clock { get; private set; } = new(default);

    /// <summary>Roles and invitations.</summary>
    public RoleFold Roles { get; private set; } = new();

    /// <summary>What was declared about relations.</summary>
    public RelationFold Relations { get; private set; } = new();

    /// <summary>The elements of the transaction at work.</summary>
    public ElementBatch Elements { get; }

    /// <summary>The moves of the transaction at work.</summary>
    public TreeBatch Tree { get; }

    /// <summary>The arrival number of the last change.</summary>
    public long LastArrival { get; private set; }

    /// <summary>The arrival number of the last change that was committed, or found in the store.</summary>
    public long LastStored { get; private set; }

    /// <summary>All logs.</summary>
    public IReadOnlyList<LogRow> Logs => _logs.Logs;

    /// <summary>All positions, ascending; durable after <see cref="Commit"/>.</summary>
    public Position[] Positions() => _logs.Positions();

    /// <summary>Starts a store transaction.</summary>
    public void Begin() => _engine.Begin();

    /// <summary>Signs, writes and commits what was done since <see cref="Begin"/>; durable when it returns.</summary>
    public void Commit()
    {
        _local.CloseRun();
        Elements.Flush();
        Tree.Settle();
        if (_hasNewRelations)
        {
            _engine.SaveToOne(Relations.ToOne(this));
            _hasNewRelations = false;
        }

        _logs.Save();
        _engine.Commit();
        LastStored = LastArrival;
    }

    /// <summary>Gives up what was done since <see cref="Begin"/> and reads again what is stored.</summary>
    public void Rollback()
    {
        _engine.Rollback();
        Reload();
    }

    /// <summary>Opens the store anew after a failed commit and reads what is on disk.</summary>
    public void Reopen()
    {
        _engine.Reopen();
        Reload();
    }

    /// <summary>Founds the space in an empty store.</summary>
    /// <param name="name">The display name of this device.</param>
    /// <param name="nonce">Random, for the name of the log.</param>
    /// <param name="now">Unix milliseconds.</param>
    public SpaceId Found(string name, IncarnationNonce nonce, long now)
    {
        var hash = _local.Found(name, nonce, now);
        SetIdentity(new(hash.Value), OwnBranch);
        return Space!.Value;
    }

    /// <summary>Names the space of an empty store that will receive it from a peer.</summary>
    public void Join(SpaceId space) => SetIdentity(space, null);

    /// <summary>Runs one local transaction; on an exception nothing of it stays but, if it was the first here, the opened log.</summary>
    /// <param name="body">Adds the operations; its result is handed on.</param>
    /// <param name="identity">The display name and nonce, in case this is the first write here.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="change">The change it became; nothing if no operation was added.</param>
    public T Transact<T>(Func<ITransaction, T> body, (string Name, IncarnationNonce Nonce) identity, long now, out Change? change) =>
        _local.Transact(body, identity, now, out change);

    /// <summary>Checks and applies one run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="now">Unix milliseconds; a stamp too far ahead of it is held.</param>
    public RunResult ApplyRun(SignedRun run, long now)
    {
        // Nothing may stand between the changes of a run in the order of application.
        _local.CloseRun();
        var result = _applier.Apply(run, now);
        if (result is { Verdict: RunVerdict.Applied, Branch: { } branch } && OwnBranch is { } own && _logs[own].Log == run.Log)
        {
            // Somebody else holds the pen of this log: going on in it could only fork it, or fork it further.
            EndOwnLog(branch == own ? IncarnationReason.PeerHadMore : IncarnationReason.Forked, now);
        }

        return result;
    }

    /// <summary>Goes on in a new log at the next write.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="now">Unix milliseconds.</param>
    public void EndOwnLog(IncarnationReason reason, long now)
    {
        if (OwnBranch is not { } own)
        {
            return;
        }

        _local.CloseRun();
        Ended = new(_logs[own].Log, _logs[own].Seq, reason, now);
        _engine.SaveNote(EndedNote, Ended.ToBytes());
        SetIdentity(Space, null);
    }

    /// <summary>The format level that a change written now would have.</summary>
    public int Level => Roles.LevelIn(All());

    /// <summary>The role of a device as a change written now would see it.</summary>
    public Role RoleOf(AuthorKey device) => Roles.RoleIn(device, All());

    /// <summary>Merges one operation of the change at work.</summary>
    public void Merge(Target target, Operation operation, OperationContext at, HybridTimestamp time, AuthorKey author)
    {
        _at = at;
        if (target is Target.Space)
        {
            ApplyToSpace(operation, author, at, time);
        }
        else if (operation is not Operation.Advisory)
        {
            var stamp = new Stamp(time, at.Branch, at.Seq, at.Index);
            Elements.Write(target).Apply(operation, stamp, this);
            if (operation is Operation.Move move)
            {
                Tree.Add(((Target.Node)target).Id, move, stamp);
            }
        }
    }

    /// <summary>Keeps what the change at work did, once it is appended.</summary>
    public void Accept()
    {
        Elements.Accept();
        Tree.Accept();
    }

    /// <summary>Drops what the change at work did.</summary>
    public void Discard()
    {
        Elements.Discard();
        Tree.Discard();
    }

    /// <summary>Appends merged changes of one log to it and to the order of application.</summary>
    /// <param name="changes">The changes, at least one, without gaps.</param>
    /// <param name="branch">The branch they are on.</param>
    /// <param name="head">The chain head behind the last of them.</param>
    /// <param name="context">The context of the first.</param>
    public void Append(ReadOnlySpan<Change> changes, BranchId branch, ChainHead head, VersionVector context)
    {
        var log = _logs[branch];
        var at = log.Head;
        foreach (var change in changes)
        {
            LastArrival++;
            _engine.AppendChange(new(LastArrival, branch, change.Dot.Seq, change.Bytes), change.IsOnSpace);
            if (change.Deps.Count > 0 || log.IsFirst(change.Dot.Seq))
            {
                _logs.AppendContext(branch, change.Dot.Seq, context);
            }

            if (log.Fork is not null)
            {
                at = at.Append(change.Hash());
                _engine.AppendBranchHead(branch, change.Dot.Seq, at.Prefix);
            }
        }

        var last = changes[^1];
        _logs.Advance(log with { Seq = last.Dot.Seq, Head = head, Time = last.Time });
        Clock.Observe(last.Time);
    }

    /// <summary>Takes over which branch this replica writes.</summary>
    public void SetIdentity(SpaceId? space, BranchId? ownBranch)
    {
        if (ownBranch != OwnBranch)
        {
            // Waypoints are the log's: a new log goes on from none of them.
            _engine.Tree.ClearWaypoints();
        }

        Space = space;
        OwnBranch = ownBranch;
        _engine.SaveIdentity(space, ownBranch);
    }

    /// <summary>Folds membership and declarations anew; after a change on the space was given up half-way.</summary>
    public void ReloadSpaceChanges()
    {
        Roles = new();
        Relations = new();
        foreach (var stored in _engine.ReadSpaceChanges())
        {
            var change = ChangeCodec.Decode(stored.Body);
            var past = _logs.ContextAt(stored.Branch, stored.Seq).Clone();
            _ = past.Raise(stored.Branch, stored.Seq - 1);
            var index = 0;
            foreach (var group in change.Groups)
            {
                foreach (var operation in group.Operations)
                {
                    if (group.Target is Target.Space)
                    {
                        _at = new(past, stored.Branch, stored.Seq, index);
                        ApplyToSpace(operation, _logs[stored.Branch].Author, _at, change.Time);
                    }

                    index++;
                }
            }
        }
    }

    bool ICausalView.HappensBefore(Stamp earlier) => _at.Covers(earlier);

    LogId ICausalView.LogOf(BranchId branch) => _logs[branch].Log;

    ChangeHash ICausalView.HashOf(BranchId branch, ulong seq) =>
        _applier.HashAtWork(branch, seq) ?? Change.Hash(_engine.ReadChanges(branch, seq, seq)[0].Body.Span);

    HeadPrefix ICausalView.HeadOf(BranchId branch, ulong seq)
    {
        if ((_applier.HeadAtWork(branch, seq) ?? _local.OpenHead(branch, seq)) is { } open)
        {
            return open;
        }

        if (!_heads.TryGetValue((branch, seq), out var head))
        {
            if (_heads.Count >= HeadsMax)
            {
                _heads.Clear();
            }

            head = _logs.HeadAt(branch, seq)!.Value.Prefix;
            _heads.Add((branch, seq), head);
        }

        return head;
    }

    /// <summary>Everything that is applied here.</summary>
    private OperationContext All()
    {
        var all = new VersionVector();
        foreach (var log in Logs)
        {
            _ = all.Raise(log.Branch, log.Seq);
        }

        return new(all, new(-1), 0, 0);
    }

    private void Reload()
    {
        var stored = _engine.Load();
        _logs.Load(stored.Logs);
        Space = stored.Space;
        // A store may come from another device, as a copy or with a key that was lost: that log is not ours to go on with.
        OwnBranch = stored.OwnBranch is { } own && _logs[own].Author == Identity.Author ? own : null;
        Ended = _engine.ReadNote(EndedNote) is { } note ? EndedLog.Read(note) : null;
        LastArrival = LastStored = stored.LastArrival;
        Clock = new(stored.Logs.Count == 0 ? default : stored.Logs.Max(static log => log.Time));
        Elements.Clear();
        var last = stored.Logs.MaxBy(static log => log.Time);
        Tree.Clear(last is null ? default : new(last.Time, last.Branch, last.Seq, int.MaxValue));
        _local.Forget();
        _applier.Forget();
        _heads.Clear();
        _hasNewRelations = false;
        ReloadSpaceChanges();
    }

    private void ApplyToSpace(Operation operation, AuthorKey author, OperationContext at, HybridTimestamp time)
    {
        Roles.Apply(operation, author, at);
        if (operation is Operation.Declare declare)
        {
            Relations.Apply(declare, new(time, at.Branch, at.Seq, at.Index), this);
            _hasNewRelations = true;
        }
    }
}
