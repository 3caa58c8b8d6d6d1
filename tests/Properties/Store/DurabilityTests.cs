using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>What is acknowledged when, and that nothing is announced or sent before it is on disk.</summary>
public sealed class DurabilityTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TestEngines _engines = new();
    private readonly ManualTime _time = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public async Task A_relaxed_write_is_announced_and_sent_only_once_it_is_on_disk(string kind)
    {
        await using var store = await FoundAsync(kind, Durability.Relaxed);
        var founded = store.Durable;
        var grown = new SemaphoreSlim(0);
        using var watch = store.Watch(() => grown.Release());

        await PutAsync(store, "x");

        using (var reader = store.OpenReader())
        {
            Assert.NotNull(reader.GetNode("x"));
        }

        Assert.Equal(founded, store.Durable);
        Assert.Equal(1UL, LastSent(store));
        Assert.Equal(0, grown.CurrentCount);

        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.True(await grown.WaitAsync(Limit));
        Assert.Equal(2UL, store.Durable[0].Seq);
        Assert.Equal(2UL, LastSent(store));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_flush_waits_for_no_timer(string kind)
    {
        await using var store = await FoundAsync(kind, Durability.Relaxed);
        await PutAsync(store, "x");

        await store.FlushAsync(CancellationToken.None);

        Assert.Equal(2UL, store.Durable[0].Seq);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_full_write_is_announced_when_it_returns(string kind)
    {
        await using var store = await FoundAsync(kind, Durability.Full);

        await PutAsync(store, "x");

        Assert.Equal(2UL, store.Durable[0].Seq);
        Assert.Equal(2UL, LastSent(store));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_comes_from_a_peer_is_on_disk_before_the_peer_is_told(string kind)
    {
        await using var store = await FoundAsync("memory", Durability.Full);
        await PutAsync(store, "x");
        using var reader = store.OpenReader();
        var runs = reader.ReadRuns(All).Runs;
        await using var other = Open(_engines.Create(kind), null, 2);
        await other.JoinAsync(store.Space!.Value, Durability.Relaxed, CancellationToken.None);

        var report = await other.ApplyAsync([.. runs.Select(static run => run.Run)], CancellationToken.None);

        Assert.All(report.Results, static result => Assert.Equal(RunVerdict.Applied, result.Verdict));
        Assert.Equal(store.Durable, report.Durable);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Of_callers_that_share_a_commit_each_has_its_own_result_and_its_own_failure(string kind)
    {
        await using var store = await FoundAsync(kind, Durability.Full);
        using var gate = new ManualResetEventSlim();
        var first = store.QueryAsync(_ => gate.Wait(Limit), CancellationToken.None);

        var writes = Enumerable.Range(0, 64).Select(i => store.WriteAsync(
            transaction =>
            {
                transaction.Add(new Target.Node($"n{i}"), new Operation.SetField("i", Value.From((long)i)));
                return i % 3 == 0 ? throw new FormatException($"no {i}") : i;
            },
            CancellationToken.None)).ToArray();
        gate.Set();

        Assert.True(await first);
        for (var i = 0; i < 64; i++)
        {
            if (i % 3 == 0)
            {
                Assert.Equal($"no {i}", (await Assert.ThrowsAsync<FormatException>(() => writes[i])).Message);
            }
            else
            {
                var (result, change) = await writes[i];
                Assert.Equal(i, result);
                Assert.NotNull(change);
            }
        }

        using var reader = store.OpenReader();
        Assert.Equal(Enumerable.Range(0, 64).Count(static i => i % 3 != 0), reader.Count().Nodes);
    }

    [Fact]
    public async Task A_space_keeps_what_it_was_set_to_and_a_home_may_say_otherwise()
    {
        using var engines = new TestEngines();
        await (await FoundAsync(engines.Create("sqlite"), Durability.Relaxed)).DisposeAsync();

        await using (var store = Open(engines.Reopen(), null, 1))
        {
            Assert.Equal(Durability.Relaxed, store.Durability);
        }

        await using var overruled = Open(engines.Reopen(), Durability.Full, 1);
        Assert.Equal(Durability.Full, overruled.Durability);
    }

    private static RunQuery All => new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue);

    private static ulong LastSent(SpaceStore store)
    {
        using var reader = store.OpenReader();
        return reader.ReadRuns(All with { ThroughArrival = store.DurableArrival }).Runs.Max(static run => run.Run.LastSeq);
    }

    private static Task<(int Result, Change? Change)> PutAsync(SpaceStore store, string node) => store.WriteAsync(
        transaction =>
        {
            transaction.Add(new Target.Node(node), new Operation.SetField("f", Value.From(1L)));
            return 0;
        },
        CancellationToken.None);

    private SpaceStore Open(IStoreEngine engine, Durability? durability, ulong author) => new(
        engine, new SimulatedSigner(new(new(author, 0))), new("test", _time, static () => new(7)) { Durability = durability });

    private Task<SpaceStore> FoundAsync(string kind, Durability durability) => FoundAsync(_engines.Create(kind), durability);

    private async Task<SpaceStore> FoundAsync(IStoreEngine engine, Durability durability)
    {
        var store = Open(engine, null, 1);
        _ = await store.FoundAsync(durability, CancellationToken.None);
        return store;
    }
}
