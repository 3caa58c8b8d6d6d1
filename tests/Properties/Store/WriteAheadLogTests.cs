using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store.Disks;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>What commits cost a disk, and how large the write-ahead log becomes, counted on a disk in memory.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const string File = "/space.db";
    private const string Log = "/space.db-wal";
    private const int PageBytes = 4120;
    private const int CheckpointPages = 400;
    private const int LogPagesMax = 1200;

    private readonly SimulatedDisk _disk = new();
    private readonly ManualTime _time = new();
    private readonly SpaceStore _store;

    public WriteAheadLogTests()
    {
        var settings = new SqliteSettings { FileSystem = _disk.Name, CheckpointPages = CheckpointPages, LogPagesMax = LogPagesMax };
        _store = new(SqliteEngine.Open(File, mayCreate: true, settings), new SimulatedSigner(new(new(1, 0))), new("test", _time, static () => new(7)));
    }

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _disk.Dispose();
    }

    [Fact]
    public async Task Sixty_four_callers_at_a_time_cost_one_fsync_and_one_by_one_as_many_as_they_are()
    {
        _ = await _store.FoundAsync(Durability.Full, CancellationToken.None);

        var before = _disk.Count(DiskOperationKind.Sync, Log);
        for (var i = 0; i < 16; i++)
        {
            await PutAsync($"one-{i}", 10);
        }

        var alone = _disk.Count(DiskOperationKind.Sync, Log) - before;
        using var come = new ManualResetEventSlim();
        var held = _store.QueryAsync(_ => come.Wait(TimeSpan.FromSeconds(30)), CancellationToken.None);
        var writes = Enumerable.Range(0, 64).Select(i => PutAsync($"many-{i}", 10)).ToArray();
        before = _disk.Count(DiskOperationKind.Sync, Log);
        come.Set();
        Assert.True(await held);
        await Task.WhenAll(writes);

        Assert.Equal(16, alone);
        Assert.Equal(1, _disk.Count(DiskOperationKind.Sync, Log) - before);
    }

    [Fact]
    public async Task Relaxed_writes_cost_one_fsync_in_fifty_milliseconds()
    {
        _ = await _store.FoundAsync(Durability.Relaxed, CancellationToken.None);
        var before = _disk.Count(DiskOperationKind.Sync, Log);

        for (var i = 0; i < 6; i++)
        {
            await PutAsync($"n{i}", 10);
        }

        var written = _disk.Count(DiskOperationKind.Sync, Log) - before;
        _time.Advance(TimeSpan.FromMilliseconds(50));
        // The timer's flush is queued before these; the second comes when the first group, and so the flush, is over.
        _ = await _store.QueryAsync(static _ => 0, CancellationToken.None);
        _ = await _store.QueryAsync(static _ => 0, CancellationToken.None);

        Assert.Equal(0, written);
        Assert.Equal(1, _disk.Count(DiskOperationKind.Sync, Log) - before);
    }

    [Fact]
    public async Task Without_readers_the_log_stays_as_small_as_a_checkpoint_and_a_commit()
    {
        _ = await _store.FoundAsync(Durability.Full, CancellationToken.None);

        for (var i = 0; i < 1000; i++)
        {
            await PutAsync($"n{i}", 3000);
        }

        Assert.InRange(_disk.LengthOf(Log), 1, (CheckpointPages + 30) * PageBytes);
    }

    [Fact]
    public async Task A_reader_that_is_held_does_not_hold_up_the_writer_and_is_ended_when_the_log_has_grown_too_long()
    {
        _ = await _store.FoundAsync(Durability.Full, CancellationToken.None);
        await PutAsync("first", 10);
        using var reader = _store.OpenReader();
        using var nodes = reader.ReadNodes(null, null).GetEnumerator();
        Assert.True(nodes.MoveNext());

        var written = 0;
        while (_disk.LengthOf(Log) < (LogPagesMax + 10) * PageBytes)
        {
            await PutAsync($"n{written++}", 3000);
        }

        await PutAsync("more", 10);

        var ended = Assert.Throws<StoreException>(() => reader.GetNode("first"));
        Assert.Equal(StoreFault.SnapshotExpired, ended.Fault);
        Assert.True(written > 100);
        nodes.Dispose();
        reader.Dispose();
        // The next attempt is due after as many pages again as one checkpoint has.
        for (var i = 0; i < 500; i++)
        {
            await PutAsync($"after-{i}", 3000);
        }

        Assert.InRange(_disk.LengthOf(Log), 1, (CheckpointPages + 30) * PageBytes);
        using var next = _store.OpenReader();
        Assert.NotNull(next.GetNode("first"));
    }

    [Fact]
    public async Task A_snapshot_that_is_kept_for_the_next_reader_is_not_shown_after_a_commit_and_does_not_hold_the_log()
    {
        _ = await _store.FoundAsync(Durability.Full, CancellationToken.None);
        for (var i = 0; i < 1000; i++)
        {
            await PutAsync($"n{i}", 3000);
            using var reader = _store.OpenReader();
            Assert.NotNull(reader.GetNode($"n{i}"));
        }

        Assert.InRange(_disk.LengthOf(Log), 1, (CheckpointPages + 30) * PageBytes);
    }

    [Fact]
    public async Task A_reader_of_another_program_holds_the_log_and_neither_fails_a_write_nor_ends_our_own_readers_each_time()
    {
        _ = await _store.FoundAsync(Durability.Relaxed, CancellationToken.None);
        await PutAsync("first", 10);
        using var other = SqliteConnectionHandle.OpenReader(File, _disk.Name);
        other.Execute("BEGIN");
        Assert.Equal(1, other.QueryInteger("SELECT count(*) FROM nodes"));
        while (_disk.LengthOf(Log) < (LogPagesMax + 30) * PageBytes)
        {
            await PutAsync("more", 3000);
        }

        using var reader = _store.OpenReader();
        Assert.NotNull(reader.GetNode("first"));
        await PutAsync("more", 10);
        await PutAsync("more", 20);

        Assert.NotNull(reader.GetNode("first"));
        reader.Dispose();
        await _store.FlushAsync(CancellationToken.None);
        other.Execute("ROLLBACK");
        for (var i = 0; i < 500; i++)
        {
            await PutAsync("after", 3000);
        }

        Assert.InRange(_disk.LengthOf(Log), 1, (LogPagesMax + CheckpointPages + 60) * PageBytes);
        var before = _disk.Count(DiskOperationKind.Write, Log);
        await PutAsync("after", 10);
        Assert.True(_disk.Operations.FindLast(static operation => operation.Kind == DiskOperationKind.Write && operation.Path == Log)!.Offset
            < (CheckpointPages + 30) * PageBytes, "the log begins anew");
        Assert.True(_disk.Count(DiskOperationKind.Write, Log) > before);
    }

    [Fact]
    public async Task Where_the_disk_failed_under_a_checkpoint_relaxed_writes_are_not_called_durable_by_a_later_fsync()
    {
        _ = await _store.FoundAsync(Durability.Relaxed, CancellationToken.None);
        var announced = _store.DurableArrival;
        _disk.Fault = static operation => operation.Kind == DiskOperationKind.Sync ? Sqlite3.SyncError : Sqlite3.Ok;
        while (_disk.LengthOf(Log) < (CheckpointPages + 30) * PageBytes)
        {
            await PutAsync("relaxed", 3000);
        }

        // From here on the disk says that all is well; what it failed to write before it has given up.
        _disk.Fault = null;
        var told = await Assert.ThrowsAsync<StoreException>(() => _store.FlushAsync(CancellationToken.None));
        Assert.Equal(StoreFault.OutcomeUnknown, told.Fault);
        // The store was opened anew for that, and what was read there is on disk.
        Assert.True(_store.DurableArrival > announced);
        await _store.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Readers_that_overlap_without_end_do_not_let_the_log_grow_without_end()
    {
        _ = await _store.FoundAsync(Durability.Full, CancellationToken.None);
        await PutAsync("first", 10);
        using var end = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Read(end.Token))).ToArray();

        var longest = 0L;
        for (var i = 0; i < 3000; i++)
        {
            await PutAsync($"n{i % 50}", 3000);
            longest = Math.Max(longest, _disk.LengthOf(Log));
        }

        await end.CancelAsync();

        Assert.True((await Task.WhenAll(reading)).Sum() > 100);
        Assert.InRange(longest, 1, 2 * LogPagesMax * PageBytes);
    }

    /// <summary>Reads snapshot after snapshot; with others that do the same there is hardly a moment without one.</summary>
    private int Read(CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var reader = _store.OpenReader();
                Assert.NotNull(reader.GetNode("first"));
                Assert.NotEmpty(reader.ReadNodes(null, null));
                count++;
            }
            catch (StoreException fault) when (fault.Fault == StoreFault.SnapshotExpired)
            {
                // It is told so, and reads again.
            }
        }

        return count;
    }

    private Task<(int Result, Change? Change)> PutAsync(string node, int bytes) => _store.WriteAsync(
        transaction =>
        {
            transaction.Add(new Target.Node(node), new Operation.SetField("f", Value.From(new string('x', bytes))));
            return 0;
        },
        CancellationToken.None);
}
