using Replica.Crdt.Changes;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>What verification finds, and that it finds nothing where nothing is wrong.</summary>
public sealed class VerificationTests(ITestOutputHelper output)
{
    [Fact]
    public void What_was_applied_in_any_order_and_in_any_batches_passes() => Seeds.ForEach(output, chance =>
    {
        using var file = new SpaceFile(HistoryGenerator.Next(chance), chance);

        Assert.Empty(file.Lines());
    }, cases: 20);

    [Fact]
    public void A_whole_space_passes_and_is_counted()
    {
        using var file = new SpaceFile();

        var (damages, sum) = file.Verify();

        Assert.Empty(damages);
        Assert.True(sum is { Damages: 0, IsStateCompared: true, Logs: 3, Changes: > 60, Nodes: > 0, Edges: > 0 }, sum.ToString());
    }

    [Fact]
    public void It_works_on_a_snapshot_while_a_writer_is_in_the_middle_of_a_transaction()
    {
        using var file = new SpaceFile();
        using var engine = file.Open();
        engine.Begin();
        engine.SaveElement(new Target.Node("unheard of"), new(true, "", "{}"u8.ToArray(), new byte[] { 1 }));

        Assert.Empty(file.Lines());
        engine.Commit();
        Assert.Equal(["REPLICA_STATE_DIFFERS node \"unheard of\": no change gives it"], file.Lines());
    }

    [Theory]
    [InlineData("UPDATE nodes SET data = '{\"mine\":1}' WHERE id = 'n1'", "REPLICA_STATE_DIFFERS node \"n1\": differs in data")]
    [InlineData("UPDATE nodes SET alive = 1 - alive, type = 'x' WHERE id = 'n1'", "REPLICA_STATE_DIFFERS node \"n1\": differs in type alive")]
    [InlineData("UPDATE nodes SET vector = x'0000803f' WHERE id = 'n1'", "REPLICA_STATE_DIFFERS node \"n1\": differs in vector")]
    [InlineData("UPDATE nodes SET clocks = clocks || x'00', conflicts = 1 - conflicts WHERE id = 'n1'",
        "REPLICA_STATE_DIFFERS node \"n1\": differs in conflicts clocks")]
    [InlineData("UPDATE nodes SET data = CAST(data AS BLOB) WHERE id = 'n1'", "REPLICA_STATE_DIFFERS node \"n1\": differs in data")]
    [InlineData("INSERT INTO nodes VALUES (9999, 'ghost', '', 1, 0, '{}', x'01', x'')", "REPLICA_STATE_DIFFERS node \"ghost\": no change gives it")]
    [InlineData("DELETE FROM edges WHERE n = (SELECT min(n) FROM edges)", "REPLICA_STATE_DIFFERS edge")]
    [InlineData("UPDATE edges SET data = '{\"x\":1}' WHERE n = (SELECT min(n) FROM edges)", "REPLICA_STATE_DIFFERS edge")]
    [InlineData("UPDATE edges SET link_idx = link_idx + 1 WHERE n = (SELECT min(n) FROM edges)", "REPLICA_STATE_DIFFERS edge")]
    [InlineData("UPDATE edges SET to_n = 777 WHERE n = (SELECT min(n) FROM edges)", "REPLICA_STATE_DIFFERS edge")]
    [InlineData("DELETE FROM tree", "REPLICA_STATE_DIFFERS place of node")]
    [InlineData("UPDATE tree SET position = position || x'01'", "REPLICA_STATE_DIFFERS place of node")]
    [InlineData("UPDATE moves SET skipped = 1 - skipped", "REPLICA_STATE_DIFFERS move of node")]
    [InlineData("DELETE FROM moves WHERE seq = (SELECT max(seq) FROM moves)", "REPLICA_STATE_DIFFERS move of node")]
    [InlineData("UPDATE contexts SET entries = x'00'", "REPLICA_STATE_DIFFERS context of log number")]
    [InlineData("DELETE FROM space_changes WHERE arrival = 1", "REPLICA_STATE_DIFFERS change on the space at arrival 1: is missing")]
    [InlineData("INSERT INTO to_one VALUES ('r9')", "REPLICA_STATE_DIFFERS to-one relation \"r9\": no change gives it")]
    [InlineData("UPDATE logs SET name = 'somebody else' WHERE branch = 0", "REPLICA_STATE_DIFFERS log number 0: differs in name")]
    [InlineData("UPDATE logs SET seq = seq - 1 WHERE branch = 0", "REPLICA_STATE_DIFFERS log number 0: differs in seq")]
    [InlineData("UPDATE runs SET head = zeroblob(32) WHERE first = 3", "REPLICA_STATE_DIFFERS run at arrival 3: differs")]
    [InlineData("UPDATE meta SET value = zeroblob(32) WHERE name = 'space'", "REPLICA_STATE_DIFFERS name of the space")]
    [InlineData("DROP INDEX edges_by_to", "REPLICA_SCHEMA_DIFFERS index edges_by_to: is missing")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON nodes BEGIN DELETE FROM edges; END", "REPLICA_SCHEMA_DIFFERS trigger t")]
    [InlineData("DROP VIEW visible_nodes; CREATE VIEW visible_nodes AS SELECT 1", "REPLICA_SCHEMA_DIFFERS view visible_nodes")]
    public void T6_a_database_edited_by_hand_is_found_out(string sql, string due)
    {
        using var file = new SpaceFile();

        file.Sql(sql);

        var lines = file.Lines();
        output.WriteLine(string.Join('\n', lines));
        Assert.Contains(lines, line => line.StartsWith(due, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE changes SET body = (SELECT body FROM changes WHERE arrival = 11) WHERE arrival = 12", Damage.Change)]
    [InlineData("DELETE FROM changes WHERE arrival = 12", Damage.Change)]
    [InlineData("DELETE FROM runs WHERE first = 12", Damage.Missing)]
    [InlineData("DELETE FROM changes WHERE arrival = 12; DELETE FROM runs WHERE first = 12", Damage.Missing)]
    [InlineData("UPDATE changes SET body = body || x'00' WHERE arrival = 12", Damage.Change)]
    [InlineData("UPDATE changes SET seq = seq + 1 WHERE arrival = 12", Damage.Change)]
    [InlineData("UPDATE runs SET signature = zeroblob(64) WHERE first = 12", Damage.Change)]
    [InlineData("UPDATE runs SET base_head = zeroblob(32) WHERE first = 12", Damage.Missing)]
    [InlineData("UPDATE runs SET last = 9223372036854775807 WHERE first = 12", Damage.Change)]
    [InlineData("UPDATE runs SET base = -5 WHERE first = 12", Damage.Change)]
    [InlineData("DELETE FROM changes WHERE arrival = (SELECT max(arrival) FROM changes);"
        + "DELETE FROM runs WHERE first = (SELECT max(first) FROM runs)", Damage.Missing)]
    public void T3_a_changed_dropped_or_moved_change_is_found_and_what_depends_on_it_is_not_compared(string sql, string code)
    {
        using var file = new SpaceFile();

        file.Sql(sql);

        var (damages, sum) = file.Verify();
        output.WriteLine(string.Join('\n', damages));
        Assert.Equal(code, damages[0].Code);
        Assert.All(damages, static damage => Assert.True(damage.IsInLog, damage.ToString()));
        Assert.False(sum.IsStateCompared);
    }

    [Fact]
    public void T3_two_changes_swapped_are_found()
    {
        using var file = new SpaceFile();
        file.Sql("UPDATE changes SET arrival = -1 WHERE arrival = 12; UPDATE changes SET arrival = 12 WHERE arrival = 13;"
            + "UPDATE changes SET arrival = 13 WHERE arrival = -1");

        var (damages, _) = file.Verify();

        Assert.Equal([Damage.Change, Damage.Change], damages.Take(2).Select(static damage => damage.Code));
    }

    [Fact]
    public void T3_a_change_signed_anew_with_another_key_is_found_and_named()
    {
        using var file = new SpaceFile();
        RunRow run;
        LogRow log;
        using (var engine = file.Open())
        {
            log = engine.Load().Logs[1];
            run = engine.FindRun(log.Branch, 2)!;
            var signature = SimulatedSigner.Sign(TestSpace.Stranger, file.Space, new(log.Log, run.LastSeq), run.Head);
            file.Sql($"UPDATE runs SET signature = x'{Convert.ToHexString(signature.Bytes.Span)}' WHERE first = {run.FirstArrival}");
        }

        var (damages, _) = file.Verify();

        Assert.Equal((Damage.Change, "REPLICA_CHANGE_FORGED", log.Log.ToString(), 2UL),
            (damages[0].Code, damages[0].Cause, damages[0].Log, damages[0].Seq!.Value));
        Assert.All(damages.Skip(1), static damage => Assert.Equal(Damage.Unproven, damage.Code));
    }

    [Fact]
    public void An_unreadable_page_is_told_and_does_not_end_the_search()
    {
        using var file = new SpaceFile();
        var bytes = File.ReadAllBytes(file.Path);
        bytes.AsSpan(4096 * 3, 4096 * 6).Fill(0xa5);
        File.WriteAllBytes(file.Path, bytes);

        var (damages, sum) = file.Verify();

        output.WriteLine(string.Join('\n', damages));
        Assert.Contains(damages, static damage => damage.Code == Damage.File);
        Assert.Equal(damages.Count, sum.Damages);
    }

    [Fact]
    public void It_ends_when_it_is_told_to_and_leaves_nothing_behind()
    {
        using var file = new SpaceFile();
        using var stop = new CancellationTokenSource();
        using var steps = new SpaceVerification(file.Path, file.Path + "-verify", file.Space, file.Identity).Run(stop.Token).GetEnumerator();
        Assert.True(steps.MoveNext());
        stop.Cancel();

        _ = Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (steps.MoveNext())
            {
            }
        });
        Assert.DoesNotContain(Directory.GetFiles(file.Folder), static path => path.Contains("-verify", StringComparison.Ordinal));
    }
}
