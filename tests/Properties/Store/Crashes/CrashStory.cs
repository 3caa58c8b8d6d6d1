using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Peer.Store.Sqlite;
using Replica.Peer.Store.Tree;
using Replica.Testing;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store.Disks;
using Replica.Tests.Properties.Transport;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>
/// A space that lives on a simulated disk: founded, written to, fed by a peer, closed and opened again. It keeps what was
/// promised when, and what the space held after each step, to judge what a crash leaves.
/// </summary>
internal sealed class CrashStory : IAsyncDisposable
{
    public const string Path = "/space.db";
    public static readonly AuthorKey Own = new(new(1, 0));
    private static readonly AuthorKey Other = new(new(2, 0));
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(50);

    private readonly Chance _chance;
    private readonly Durability _durability;
    private readonly ManualTime _time = new();
    private SpaceStore? _store;
    private SqliteEngine? _engine;
    private SpaceStore? _peer;

    public CrashStory(Chance chance, Durability durability)
    {
        _chance = chance;
        _durability = durability;
        Settings = new() { FileSystem = Disk.Name, CheckpointPages = 8 + chance.Below(60) };
    }

    public SimulatedDisk Disk { get; } = new();

    public SqliteSettings Settings { get; }

    public List<CrashMoment> Moments { get; } = [new(0, 0, 0)];

    /// <summary>What the space held after each step, by the arrival number of its last change.</summary>
    public Dictionary<long, HashSet<string>> States { get; } = [];

    /// <summary>What the ledger holds, in lines: what shows, conflicts, positions.</summary>
    public static string StateOf(SpaceLedger ledger, IStoreEngine engine) => string.Join('\n',
    [
        .. LedgerState.ToLines(ledger, engine),
        .. ledger.Positions().Select(static position => position.ToString()),
        $"space {ledger.Space} own {ledger.OwnBranch} last {ledger.LastArrival}",
    ]);

    /// <summary>The store that is open, or was last.</summary>
    public SpaceStore Store => _store!;

    /// <summary>Plays the story.</summary>
    /// <param name="steps">How many steps it has.</param>
    /// <param name="isClosed">Whether the space is closed at the end.</param>
    public async Task PlayAsync(int steps, bool isClosed = true)
    {
        var store = Open(mayCreate: true);
        _ = await store.FoundAsync(_durability, CancellationToken.None);
        await NoteAsync();
        await WriteAsync(store, static transaction => transaction.Add(Target.Space.Instance, new Operation.Promote(Other, Role.Writer)));
        await store.FlushAsync(CancellationToken.None);
        await NoteAsync();
        _peer = new(new MemoryEngine(), new SimulatedSigner(Other), new("other", _time, static () => new(8)));
        _ = await _peer.JoinAsync(store.Space!.Value, Durability.Full, CancellationToken.None);
        for (var step = 0; step < steps; step++)
        {
            if (_chance.Below(12) == 0)
            {
                await store.DisposeAsync();
                Note(Moments[^1].Acknowledged, Moments[^1].Acknowledged);
                store = Open(mayCreate: false);
            }

            await StepAsync(store);
            await NoteAsync();
        }

        if (isClosed)
        {
            await store.DisposeAsync();
            Note(Moments[^1].Acknowledged, Moments[^1].Acknowledged);
        }
    }

    /// <summary>Flushes until it succeeds, as a disk that works again lets it, and notes what is there.</summary>
    public async Task UntilItWorksAsync(SpaceStore store)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await store.FlushAsync(CancellationToken.None);
                await NoteAsync();
                return;
            }
            catch (StoreException) when (attempt < 2)
            {
                // The first may tell of what happened before.
            }
        }
    }

    /// <summary>One of the things that happen to a space.</summary>
    public async Task StepAsync(SpaceStore store)
    {
        switch (_chance.Below(10))
        {
            case 0:
                _time.Advance(FlushDelay);
                await store.QueryAsync(static _ => 0, CancellationToken.None);
                break;
            case 1 or 2 when _peer is not null:
                await _peer.ApplyAsync(Runs(store), CancellationToken.None);
                await WriteAsync(_peer, Edit);
                await WriteAsync(_peer, Edit);
                await store.ApplyAsync(Runs(_peer), CancellationToken.None);
                break;
            case 3:
                await WriteTogetherAsync(store);
                break;
            default:
                await WriteAsync(store, Edit);
                break;
        }
    }

    /// <summary>Three callers at a time share one commit: the writer is held until all have come.</summary>
    private async Task WriteTogetherAsync(SpaceStore store)
    {
        using var come = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = store.QueryAsync(
            _ =>
            {
                begun.SetResult();
                come.Wait();
                return 0;
            },
            CancellationToken.None);
        // Before that the writer might take the first of them into the group that it waits in, and the others into the next.
        _ = await Task.WhenAny(begun.Task, held);
        var writes = Task.WhenAll(WriteAsync(store, Edit), WriteAsync(store, Edit), WriteAsync(store, Edit));
        come.Set();
        await Task.WhenAll(held, writes);
    }

    public static Task WriteAsync(SpaceStore store, Action<ITransaction> edit) => store.WriteAsync(
        transaction =>
        {
            edit(transaction);
            return 0;
        },
        CancellationToken.None);

    public void Edit(ITransaction transaction)
    {
        var node = new Target.Node($"n{_chance.Below(12)}");
        for (var i = _chance.Below(4); i >= 0; i--)
        {
            switch (_chance.Below(8))
            {
                case 0:
                    transaction.Add(new Target.Edge($"n{_chance.Below(12)}", "knows", $"n{_chance.Below(12)}", ""), new Operation.Create());
                    break;
                case 1:
                    transaction.Add(node, new Operation.Delete());
                    break;
                case 2:
                    _ = transaction.Move(node.Id, _chance.Below(2) == 0 ? null : $"n{_chance.Below(12)}", new MovePlace.Last());
                    break;
                case 3:
                    transaction.Add(node, new Operation.SetField("long", Value.From(new string('x', _chance.Below(9000)))));
                    break;
                default:
                    transaction.Add(node, new Operation.SetField($"f{_chance.Below(3)}", Value.From((long)_chance.Below(1000))));
                    break;
            }
        }
    }

    public SpaceStore Open(bool mayCreate)
    {
        _engine = SqliteEngine.Open(Path, mayCreate, Settings);
        return _store = new(_engine, new SimulatedSigner(Own), new("own", _time, static () => new(7)));
    }

    /// <summary>Opens what a crash left on another disk, and closes it.</summary>
    public async Task RecoverAsync(SimulatedDisk disk)
    {
        var engine = SqliteEngine.Open(Path, mayCreate: true, Settings with { FileSystem = disk.Name });
        await using var store = new SpaceStore(engine, new SimulatedSigner(Own), new("own", _time, static () => new(7)));
        await store.FlushAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // First whatever still works on the disk.
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_peer?.DisposeAsync() ?? ValueTask.CompletedTask);
        Disk.Dispose();
    }

    private static IReadOnlyList<SignedRun> Runs(SpaceStore store)
    {
        using var reader = store.OpenReader();
        var page = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue)
        {
            ThroughArrival = store.DurableArrival,
        });
        return [.. page.Runs.Select(static run => run.Run)];
    }

    /// <summary>Keeps what the space holds now, and what is promised.</summary>
    public async Task NoteAsync()
    {
        var (store, engine) = (_store!, _engine!);
        var (last, state) = await store.QueryAsync(ledger => (ledger.LastArrival, StateOf(ledger, engine)), CancellationToken.None);
        if (!States.TryGetValue(last, out var states))
        {
            States.Add(last, states = []);
        }

        _ = states.Add(state);
        Note(last, store.DurableArrival);
    }

    private void Note(long acknowledged, long announced)
    {
        lock (Disk.Gate)
        {
            Moments.Add(new(Disk.Operations.Count, acknowledged, announced));
        }
    }
}
