using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store.Disks;
using Xunit;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>Judges what a crash left: it opens, is whole, and holds what was promised and nothing else.</summary>
internal static class CrashCheck
{
    /// <summary>Opens the disk and compares.</summary>
    /// <param name="files">What is left of the disk.</param>
    /// <param name="story">What was written to it.</param>
    /// <param name="atLeast">The arrival number of the last change that must be there.</param>
    /// <param name="goesOn">Whether to write on and open once more.</param>
    /// <returns>The arrival number of the last change that is there.</returns>
    public static async Task<long> CheckAsync(IReadOnlyDictionary<string, byte[]> files, CrashStory story, long atLeast, bool goesOn)
    {
        using var disk = new SimulatedDisk(files);
        var settings = story.Settings with { FileSystem = disk.Name };
        long last;
        using (var engine = SqliteEngine.Open(CrashStory.Path, mayCreate: atLeast == 0, settings))
        {
            var ledger = new SpaceLedger(engine, new SimulatedSigner(CrashStory.Own));
            last = ledger.LastArrival;
            Assert.True(last >= atLeast, $"{last} changes are left; {atLeast} were promised");
            if (last > 0)
            {
                Assert.True(story.States.TryGetValue(last, out var states), $"{last} changes are left, which is in the middle of a commit");
                Assert.Contains(CrashStory.StateOf(ledger, engine), states);
            }
        }

        Assert.Equal("ok", IntegrityOf(disk));
        if (goesOn && last > 0)
        {
            await GoOnAsync(settings);
            Assert.Equal("ok", IntegrityOf(disk));
        }

        return last;
    }

    private static async Task GoOnAsync(SqliteSettings settings)
    {
        var own = LogId.Derive(CrashStory.Own, new(7));
        ulong before;
        Position[] positions;
        await using (var store = Open(settings))
        {
            before = store.Durable.Single(position => position.Log == own).Seq;
            await CrashStory.WriteAsync(store, static transaction => transaction.Add(new Target.Node("after"), new Operation.Create()));
            await store.FlushAsync(CancellationToken.None);
            positions = [.. store.Durable];
        }

        await using var again = Open(settings);
        Assert.Equal(positions, again.Durable);
        Assert.Equal(before + 1, positions.Single(position => position.Log == own).Seq);
        using var reader = again.OpenReader();
        Assert.NotNull(reader.GetNode("after"));
    }

    private static SpaceStore Open(SqliteSettings settings) => new(
        SqliteEngine.Open(CrashStory.Path, mayCreate: false, settings),
        new SimulatedSigner(CrashStory.Own),
        new("own", TimeProvider.System, static () => new(9)));

    private static string IntegrityOf(SimulatedDisk disk)
    {
        using var connection = SqliteConnectionHandle.Open(CrashStory.Path, mayCreate: false, disk.Name);
        using var check = connection.Prepare("PRAGMA integrity_check");
        return check.Step() ? check.Text(0) : "nothing";
    }
}
