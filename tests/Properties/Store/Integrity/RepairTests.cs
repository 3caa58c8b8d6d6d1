using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Testing.Ledgers;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>What a repair keeps, cuts and brings back.</summary>
public sealed class RepairTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("UPDATE nodes SET data = '{}', clocks = x'00'")]
    [InlineData("DELETE FROM nodes; DELETE FROM edges; DELETE FROM moves; DELETE FROM tree; DELETE FROM contexts; DELETE FROM space_changes")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON nodes BEGIN DELETE FROM edges; END; DROP VIEW visible_edges; DROP INDEX edges_by_to")]
    [InlineData("UPDATE logs SET seq = 1, head = zeroblob(32), name = 'x'; DELETE FROM to_one; INSERT INTO to_one VALUES ('zzz')")]
    [InlineData("DELETE FROM logs")]
    [InlineData("DELETE FROM meta")]
    [InlineData("INSERT INTO meta VALUES ('note_ended', x'ff')")]
    public void T6_a_state_edited_by_hand_is_built_anew_from_the_log(string sql)
    {
        using var file = new SpaceFile();
        var before = State(file);
        file.Sql(sql);

        var sum = Repair(file);

        Assert.Empty(file.Lines());
        Assert.Equal(before, State(file));
        Assert.Equal(0, sum.Lost);
        Assert.Equal(file.Path + ".damaged-20260102T030405Z", sum.SavedAs);
        Assert.True(File.Exists(sum.SavedAs));
    }

    [Theory]
    [InlineData("UPDATE changes SET body = zeroblob(9) WHERE arrival = 12")]
    [InlineData("DELETE FROM changes WHERE arrival BETWEEN 20 AND 22")]
    [InlineData("DELETE FROM runs WHERE first > 30; DELETE FROM changes WHERE arrival > 30")]
    [InlineData("UPDATE runs SET signature = zeroblob(64) WHERE first IN (9, 40)")]
    public void F7_damaged_changes_are_cut_off_and_come_again_from_a_peer(string sql)
    {
        using var whole = new SpaceFile();
        using var file = new SpaceFile();
        var before = State(file);
        file.Sql(sql);

        var sum = Repair(file);
        Assert.True(sum.Changes > 0 && sum.Lost + sum.Changes >= 30, sum.ToString());
        Assert.Empty(file.Lines());

        Fetch(file, whole);
        Assert.Empty(file.Lines());
        Assert.Equal(before, State(file));
    }

    [Fact]
    public void F7_what_can_be_read_of_a_file_with_damaged_pages_is_kept()
    {
        using var whole = new SpaceFile();
        var kept = 0;
        var pages = File.ReadAllBytes(whole.Path).Length / 4096;
        for (var page = 1; page < pages; page++)
        {
            using var file = new SpaceFile();
            var bytes = File.ReadAllBytes(file.Path);
            bytes.AsSpan(4096 * page, 4096).Fill(0xa5);
            File.WriteAllBytes(file.Path, bytes);
            var expected = State(whole);

            RepairSummary sum;
            try
            {
                sum = Repair(file);
            }
            catch (StoreException nothing) when (nothing.Fault == StoreFault.Corrupt)
            {
                output.WriteLine($"page {page}: {nothing.Message}");
                Assert.Equal(bytes, File.ReadAllBytes(file.Path));
                continue;
            }

            kept++;
            output.WriteLine($"page {page}: {sum.Changes} kept, {sum.Lost} lost");
            Fetch(file, whole);
            Assert.Empty(file.Lines());
            Assert.Equal(expected, State(file));
        }

        Assert.True(kept > pages / 2, $"{kept} of {pages} were repaired.");
    }

    [Fact]
    public void A_file_of_which_nothing_can_be_read_is_left_as_it_was_and_the_remedy_is_named()
    {
        using var file = new SpaceFile();
        var bytes = File.ReadAllBytes(file.Path);
        bytes.AsSpan(0, 4096).Fill(0xa5);
        File.WriteAllBytes(file.Path, bytes);

        var fault = Assert.Throws<StoreException>(() => Repair(file));

        Assert.Contains("restore a backup", fault.Message);
        Assert.Equal(bytes, File.ReadAllBytes(file.Path));
        Assert.Equal(bytes, File.ReadAllBytes(file.Path + ".damaged-20260102T030405Z"));
    }

    [Fact]
    public void The_log_of_this_device_is_not_gone_on_with()
    {
        using var file = new SpaceFile();
        file.Sql("INSERT OR REPLACE INTO meta VALUES ('own_branch', CAST('1' AS BLOB)), ('durability', CAST('relaxed' AS BLOB))");

        _ = Repair(file);

        using var engine = file.Open();
        Assert.Null(engine.Load().OwnBranch);
        Assert.Equal(Durability.Relaxed, engine.Durability);
    }

    private static RepairSummary Repair(SpaceFile file) =>
        ((IntegrityEvent.Repaired)new SpaceRepair(file.Path, file.Space, file.Identity, Now).Run(CancellationToken.None).Last()).Summary;

    /// <summary>One round of sync: everything that the other has and this lacks, in the other's order.</summary>
    private static void Fetch(SpaceFile file, SpaceFile other)
    {
        using var source = other.Open();
        using var reader = source.OpenReader();
        using var engine = file.Open();
        var ledger = new SpaceLedger(engine, file.Identity);
        var has = new SpaceLedger(source, other.Identity).Places.Reach(ledger.Positions());
        var page = reader.ReadRuns(new(0, has, new HashSet<BranchId>(), int.MaxValue));
        ledger.Begin();
        foreach (var run in page.Runs)
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run.Run, SpaceFile.FarFuture).Verdict);
        }

        ledger.Commit();
    }

    private static IReadOnlyList<string> State(SpaceFile file)
    {
        using var engine = file.Open();
        return LedgerState.ToLines(new(engine, file.Identity), engine);
    }
}
