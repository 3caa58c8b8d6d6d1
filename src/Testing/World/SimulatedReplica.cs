using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Peer.Sync;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;

namespace Replica.Testing.World;

/// <summary>A whole ledger over a store in memory, with a clock that may be wrong, and the least exchange.</summary>
internal sealed class SimulatedReplica
{
    private const int PageBytesMax = 4096;

    private readonly SimulatedWorld _world;
    private readonly LedgerIdentity _identity;
    private readonly OperationGenerator _operations;
    private readonly (string Name, IncarnationNonce Nonce) _log;

    public SimulatedReplica(SimulatedWorld world, int number, HistoryShape shape)
    {
        _world = world;
        Number = number;
        _identity = new SimulatedSigner(AuthorKey.FromBytes(world.Chance.Bytes(Bytes32.Size)));
        _operations = new(world.Chance, shape);
        _log = (ToString(), new(world.Chance.Next()));
        Skew = world.Chance.Between(-shape.SkewMilliseconds, shape.SkewMilliseconds);
        Ledger = new(Engine, _identity);
    }

    public int Number { get; }

    public AuthorKey Author => _identity.Author;

    public IStoreEngine Engine { get; } = new MemoryEngine();

    public SpaceLedger Ledger { get; private set; }

    /// <summary>What its sessions share.</summary>
    public BroadcastTree Tree { get; } = new(new SyncOptions());

    /// <summary>How far its clock is off, in milliseconds.</summary>
    public int Skew { get; set; }

    public long LocalTime => _world.Time.Now + Skew;

    public IReadOnlyList<string> ToLines() => LedgerState.ToLines(Ledger, Engine);

    public override string ToString() => $"r{Number}";

    public SpaceId Found()
    {
        Ledger.Begin();
        var space = Ledger.Found(_log.Name, _log.Nonce, LocalTime);
        Ledger.Commit();
        return space;
    }

    public void Join(SpaceId space)
    {
        Ledger.Begin();
        Ledger.Join(space);
        Ledger.Commit();
    }

    /// <summary>Lets others in as writers.</summary>
    public void Promote(IEnumerable<AuthorKey> devices) => Commit(() => Transact(transaction =>
    {
        foreach (var device in devices)
        {
            transaction.Add(Target.Space.Instance, new Operation.Promote(device, Role.Writer));
        }
    }));

    /// <summary>One to three random transactions in one commit; some fail half-way, and some commits are given up.</summary>
    public void Write()
    {
        if (Ledger.RoleOf(Author) < Role.Writer)
        {
            return;
        }

        var isGivenUp = _world.Chance.Percent(5);
        Commit(() =>
        {
            for (var left = _world.Chance.Between(1, 3); left > 0; left--)
            {
                WriteOne(isFailing: _world.Chance.Percent(5));
            }
        }, isGivenUp);
    }

    /// <summary>The process ends and starts again from what it stored.</summary>
    public void Restart()
    {
        _world.Trace(() => $"{this} restarts");
        Ledger = new(Engine, _identity);
        _world.Links.Cut(link => link.Joins(this));
    }

    /// <summary>Tells another replica what is here, so that it sends what is not.</summary>
    public void Ask(int other) => _world.Network.Send(Number, other, new ExchangeMessage.Have(Ledger.Positions()).ToBytes());

    public void OnMessage(int from, byte[] bytes)
    {
        switch (ExchangeMessage.Read(bytes))
        {
            case ExchangeMessage.Have have:
                Answer(from, have.Positions);
                break;
            case ExchangeMessage.Runs runs:
                _ = Apply(_world.Replicas[from], runs.Items);
                break;
        }
    }

    /// <summary>Applies runs of another replica and commits.</summary>
    public RunResult[] Apply(SimulatedReplica from, IReadOnlyList<SignedRun> runs)
    {
        RunResult[] results = [];
        Commit(() => results = SpaceStore.ApplyAll(Ledger, runs, () => LocalTime));
        foreach (var (run, result) in runs.Zip(results))
        {
            _world.Trace(() => $"{this} from {from}: {run.Log.ToString()[..8]} {run.BaseSeq + 1}..{run.LastSeq} {result.Verdict}");

            // Late, doubled and reordered messages bring what is known or leaves a gap; nobody here lies.
            if (result.Verdict is not (RunVerdict.Applied or RunVerdict.Known or RunVerdict.Gap or RunVerdict.Skipped
                or RunVerdict.DependencyMissing or RunVerdict.ClockAhead))
            {
                throw new SimulationException($"{this} refuses an honest run of {from}: {result}");
            }
        }

        return results;
    }

    private void Answer(int from, IReadOnlyList<Position> positions)
    {
        using var reader = Engine.OpenReader();
        var has = positions.ToDictionary(static position => position.Log, static position => position.Seq);
        var page = reader.ReadRuns(new(0, has, new HashSet<LogId>(), PageBytesMax));
        if (page.Runs.Count > 0)
        {
            _world.Network.Send(Number, from, new ExchangeMessage.Runs(page.Runs).ToBytes());
        }
    }

    private void WriteOne(bool isFailing)
    {
        try
        {
            var change = Transact(transaction =>
            {
                var target = _operations.NextTarget();
                for (var left = _world.Chance.Between(1, 4); left > 0; left--)
                {
                    target = _world.Chance.Percent(40) ? _operations.NextTarget() : target;
                    Add(transaction, target, _operations.NextOperation(target, []));
                }

                if (isFailing)
                {
                    throw new OperationCanceledException("A planned failure.");
                }
            });
            _world.Trace(() => $"{this} writes {History.StoryOf(change!)}");
        }
        catch (OperationCanceledException) when (isFailing)
        {
            _world.Trace(() => $"{this} fails half-way through a transaction");
        }
    }

    /// <summary>An add names what this replica knows, as the product's own adds do.</summary>
    private static void Add(ITransaction transaction, Target target, Operation operation)
    {
        if (operation is Operation.AddCounter add)
        {
            transaction.AddToCounter(target, add.Field, add.Delta);
        }
        else
        {
            transaction.Add(target, operation);
        }
    }

    private Change? Transact(Action<ITransaction> body)
    {
        _ = Ledger.Transact(
            transaction =>
            {
                body(transaction);
                return 0;
            },
            _log,
            LocalTime,
            out var change);
        return change;
    }

    private void Commit(Action body, bool isGivenUp = false)
    {
        Ledger.Begin();
        body();
        if (isGivenUp)
        {
            _world.Trace(() => $"{this} gives the commit up");
            Ledger.Rollback();
        }
        else
        {
            Ledger.Commit();
        }

        _world.OnCommitted(this);
    }
}
