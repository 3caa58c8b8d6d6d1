using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Peer.Store.Memory;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>F13: whether a database is the newest copy of its own, by what lies beside it; and what follows if it is not.</summary>
public sealed class IncarnationTests
{
    private const int Nonces = 1000;

    private static readonly AuthorKey Author = new(new(1, 2));

    private readonly MemoryPlace _place = new();
    private MemoryState _state = MemoryState.Empty;
    private ulong _nonce = Nonces;

    [Fact]
    public async Task F13_after_a_close_in_good_order_or_a_kill_the_log_goes_on()
    {
        var first = await WriteAsync("a");
        var second = await WriteAsync("b");
        var third = await WriteAsync("c", isKilled: true);
        var fourth = await WriteAsync("d");

        Assert.Equal([first.Log, first.Log, first.Log], new[] { second.Log, third.Log, fourth.Log });
    }

    [Theory]
    [InlineData(IncarnationReason.OtherMachine)]
    [InlineData(IncarnationReason.OtherFile)]
    [InlineData(IncarnationReason.FileChanged)]
    [InlineData(IncarnationReason.NoSidecar)]
    [InlineData(IncarnationReason.DamagedSidecar)]
    public async Task F13_whatever_speaks_against_the_newest_copy_starts_a_new_log_that_covers_the_old_one(IncarnationReason reason)
    {
        var first = await WriteAsync("a");
        Spoil(reason);

        var second = await WriteAsync("b");

        Assert.NotEqual(first.Log, second.Log);
        var ledger = new SpaceLedger(new MemoryEngine(_state.Copy()), new SimulatedSigner(Author));
        Assert.Equal((reason, first.Log, first.Seq), (ledger.Ended!.Reason, ledger.Ended.Log, ledger.Ended.Seq));
        var header = LedgerState.Changes(new MemoryEngine(_state.Copy())).Single(change => change.Dot == new Dot(second.Log, 1));
        Assert.Equal(first.Log, Assert.Single(header.Deps).Log);
        Assert.Equal(second.Log, (await WriteAsync("c")).Log);
    }

    [Fact]
    public async Task F13_a_database_that_lacks_what_was_sent_starts_a_new_log_and_one_that_lacks_what_was_not_goes_on()
    {
        var first = await WriteAsync("a");
        var backup = _state.Copy();
        _ = await WriteAsync("b", isKilled: true);
        _state = backup;
        Assert.Equal(first.Log, (await WriteAsync("c", isKilled: true)).Log);

        backup = _state.Copy();
        _ = await WriteAsync("d", isSent: true, isKilled: true);
        _state = backup;

        Assert.NotEqual(first.Log, (await WriteAsync("e")).Log);
    }

    [Theory]
    [InlineData(Durability.Full, true, true)]
    [InlineData(Durability.Relaxed, true, false)]
    [InlineData(Durability.Relaxed, false, true)]
    public async Task F13_after_another_boot_the_log_goes_on_if_nothing_can_be_lost(Durability durability, bool isKilled, bool goesOn)
    {
        var first = await WriteAsync("a", isKilled: isKilled, durability: durability);
        _place.Facts = _place.Facts with { Boot = "another" };

        Assert.Equal(goesOn, first.Log == (await WriteAsync("b", durability: durability)).Log);
    }

    [Fact]
    public async Task F13_what_must_end_stays_so_when_the_copy_is_closed_without_a_write()
    {
        var first = await WriteAsync("a");
        Spoil(IncarnationReason.OtherFile);
        await using (Open(new MemoryEngine(_state), Durability.Full, out var engine))
        {
            _state = engine.Committed;
        }

        Assert.NotEqual(first.Log, (await WriteAsync("b")).Log);
    }

    [Fact]
    public async Task Only_new_own_changes_that_are_sent_are_written_to_disk_and_together()
    {
        _ = await WriteAsync("a");
        await using var store = Open(new MemoryEngine(_state), Durability.Full, out _);
        for (var i = 0; i < 10; i++)
        {
            _ = await store.WriteAsync(t => Put(t, $"n{i}"), CancellationToken.None);
        }

        var before = _place.Flushes;
        for (var i = 0; i < 3; i++)
        {
            _ = store.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), 1));
            _ = store.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
        }

        Assert.Equal(1, _place.Flushes - before);
    }

    [Fact]
    public async Task While_others_are_served_a_commit_is_kept_at_once_and_not_again_before_it_leaves()
    {
        _ = await WriteAsync("a");
        await using var store = Open(new MemoryEngine(_state), Durability.Full, out _);
        var all = new Replica.Peer.Exchange.RunQuery(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue);
        _ = await store.WriteAsync(t => Put(t, "n0"), CancellationToken.None);
        var watch = store.Watch(static () => { });
        _ = store.ReadRuns(all);
        var before = _place.Flushes;

        _ = await store.WriteAsync(t => Put(t, "n1"), CancellationToken.None);
        await store.FlushAsync(CancellationToken.None);
        Assert.Equal(1, _place.Flushes - before);
        _ = store.ReadRuns(all);
        Assert.Equal(1, _place.Flushes - before);

        // With nobody left to be served a commit costs what it costs alone.
        watch.Dispose();
        _ = await store.WriteAsync(t => Put(t, "n2"), CancellationToken.None);
        await store.FlushAsync(CancellationToken.None);
        Assert.Equal(1, _place.Flushes - before);
    }

    private void Spoil(IncarnationReason reason)
    {
        switch (reason)
        {
            case IncarnationReason.OtherMachine:
                _place.Facts = _place.Facts with { Machine = "another" };
                break;
            case IncarnationReason.OtherFile:
                _place.Facts = _place.Facts with { File = "another" };
                break;
            case IncarnationReason.FileChanged:
                _place.Facts = _place.Facts with { ChangeTime = 77 };
                break;
            case IncarnationReason.NoSidecar:
                _place.Sidecar = null;
                break;
            default:
                _place.Sidecar![3] ^= 1;
                break;
        }
    }

    private async Task<Dot> WriteAsync(string node, bool isSent = false, bool isKilled = false, Durability durability = Durability.Full)
    {
        var store = Open(new MemoryEngine(_state), durability, out var engine);
        if (store.Space is null)
        {
            _ = await store.FoundAsync(durability, CancellationToken.None);
        }

        var (_, change) = await store.WriteAsync(t => Put(t, node), CancellationToken.None);
        if (isSent)
        {
            await store.FlushAsync(CancellationToken.None);
            _ = store.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
        }

        var left = (_place.Sidecar, engine.Committed);
        await store.DisposeAsync();
        (_place.Sidecar, _state) = isKilled ? (left.Sidecar, left.Committed.Copy()) : (_place.Sidecar, engine.Committed.Copy());
        return change!.Dot;
    }

    private SpaceStore Open(MemoryEngine engine, Durability durability, out MemoryEngine opened)
    {
        opened = engine;
        return new(engine, new SimulatedSigner(Author), new("device", TimeProvider.System, () => new(++_nonce))
        {
            Place = _place,
            Durability = durability,
        });
    }

    private static int Put(ITransaction transaction, string node)
    {
        transaction.Add(new Target.Node(node), new Operation.SetField("f", Value.From(1L)));
        return 0;
    }
}
