using Replica.Crdt.Changes;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store.Disks;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>A file that somebody else writes to, moves or replaces while it is open.</summary>
public sealed class StoreRaceTests : IDisposable
{
    private const string File = "/space.db";
    private readonly SimulatedDisk _disk = new();
    private readonly SpaceStore _store;

    public StoreRaceTests()
    {
        _store = Open();
        _ = _store.FoundAsync(Durability.Full, CancellationToken.None).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _disk.Dispose();
    }

    [Fact]
    public async Task F14_two_writers_of_one_file_never_use_a_number_twice()
    {
        await PutAsync(_store, "a");
        await using var other = Open();
        await PutAsync(other, "b");

        var refused = await Assert.ThrowsAsync<StoreException>(() => PutAsync(_store, "c"));
        await PutAsync(_store, "d");

        Assert.Equal(StoreFault.Locked, refused.Fault);
        Assert.Equal(4UL, _store.Durable[0].Seq);
        using var reader = _store.OpenReader();
        Assert.Equal(["a", "b", "d"], reader.ReadNodes(null, null).Select(static node => node.Id));
        Assert.Equal(StoreFault.Locked, (await Assert.ThrowsAsync<StoreException>(() => PutAsync(other, "e"))).Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_removed_or_replaced_is_written_to_no_more(bool isReplaced)
    {
        await PutAsync(_store, "a");
        _disk.Replace(File, isReplaced ? _disk.ToFiles()[File] : null);

        var lost = await Assert.ThrowsAsync<StoreException>(() => PutAsync(_store, "b"));
        var again = await Assert.ThrowsAsync<StoreException>(() => PutAsync(_store, "b"));

        Assert.Equal(StoreFault.Lost, lost.Fault);
        Assert.Equal(StoreFault.Lost, again.Fault);
        Assert.Equal("REPLICA_STORE_LOST", lost.Code);
        Assert.Equal(2UL, _store.Durable[0].Seq);
    }

    private static Task<(int Result, Change? Change)> PutAsync(SpaceStore store, string node) => store.WriteAsync(
        transaction =>
        {
            transaction.Add(new Target.Node(node), new Operation.Create());
            return 0;
        },
        CancellationToken.None);

    private SpaceStore Open() => new(
        SqliteEngine.Open(File, mayCreate: true, new() { FileSystem = _disk.Name }),
        new SimulatedSigner(new(new(1, 0))),
        new("test", TimeProvider.System, static () => new(7)));
}
