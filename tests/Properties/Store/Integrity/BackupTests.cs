using Replica.Crdt.Changes;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>Saving a space while it is written, and making a space of what was saved.</summary>
public sealed class BackupTests
{
    [Fact]
    public void A_backup_is_one_snapshot_although_commits_go_on_and_writes_no_log()
    {
        using var file = new SpaceFile();
        file.Sql("INSERT OR REPLACE INTO meta VALUES ('own_branch', CAST('1' AS BLOB))");
        using var engine = file.Open();
        var before = LedgerState.ToLines(new(engine, file.Identity), engine);
        Grow(engine, 5000);
        var target = file.Path + ".backup";
        using (var backup = new SpaceBackup(file.Path, target))
        {
            var steps = 0;
            foreach (var step in backup.Copy(null, CancellationToken.None))
            {
                steps++;
                var progress = (IntegrityEvent.Progress)step;
                Assert.True(progress.Done <= progress.Total && progress.Total > 1_000_000, progress.ToString());

                // If the copy began anew with each commit it would never end.
                Save(engine, $"late{steps}");
                Assert.True(steps < 50);
            }

            Assert.True(steps > 1);
            Assert.False(File.Exists(target));
            Assert.IsType<IntegrityEvent.Saved>(backup.Publish(false));
        }

        Assert.Equal([file.Path, target], Databases(file));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(target) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var (space, keys) = SpaceRestore.Read(target);
        Assert.Equal(file.Space, space);
        Assert.Null(keys);
        using var saved = Replica.Peer.Store.Sqlite.SqliteEngine.Open(target, mayCreate: false);
        Assert.Null(saved.Load().OwnBranch);
        Assert.NotNull(saved.LoadElement(new Target.Node("many4999")));
        Assert.Null(saved.LoadElement(new Target.Node("late1")));
        Assert.Equal(before.Count, LedgerState.ToLines(new(saved, file.Identity), saved).Count - 5000);
    }

    [Fact]
    public void A_backup_that_is_stopped_leaves_nothing()
    {
        using var file = new SpaceFile();
        using var stop = new CancellationTokenSource();
        using (var engine = file.Open())
        {
            Grow(engine, 5000);
        }

        using (var backup = new SpaceBackup(file.Path, file.Path + ".backup"))
        {
            using var steps = backup.Copy(null, stop.Token).GetEnumerator();
            Assert.True(steps.MoveNext());
            stop.Cancel();
            _ = Assert.ThrowsAny<OperationCanceledException>(() => steps.MoveNext());
        }

        Assert.Equal([file.Path], Databases(file));
    }

    [Fact]
    public void A_backup_is_never_written_over_another_file()
    {
        using var file = new SpaceFile();
        File.WriteAllText(file.Path + ".backup", "mine");

        Assert.Throws<IOException>(() => new SpaceBackup(file.Path, file.Path + ".backup"));
        File.Delete(file.Path + ".backup");
        using (var backup = new SpaceBackup(file.Path, file.Path + ".backup"))
        {
            _ = backup.Copy(null, CancellationToken.None).Count();
            File.WriteAllText(file.Path + ".backup", "mine");
            Assert.Throws<IOException>(() => backup.Publish(false));
        }

        Assert.Equal("mine", File.ReadAllText(file.Path + ".backup"));
    }

    [Fact]
    public void A_restored_space_is_the_saved_one()
    {
        using var file = new SpaceFile();
        var target = Save(file);

        var events = new SpaceRestore(target, file.Path + ".restored").Run(file.Space, file.Identity, CancellationToken.None).ToArray();

        Assert.Equal(0, ((IntegrityEvent.Verified)events[^1]).Summary.Damages);
        File.Move(file.Path + ".restored", file.Path, overwrite: true);
        Assert.Empty(file.Lines());
    }

    [Theory]
    [InlineData("UPDATE runs SET signature = zeroblob(64) WHERE first = 12", "REPLICA_CHANGE_FORGED")]
    [InlineData("UPDATE changes SET body = zeroblob(30) WHERE arrival = 12", "REPLICA_CHANGE_FORGED")]
    [InlineData("UPDATE nodes SET data = '{}' WHERE id = 'n1'", "REPLICA_STATE_DIFFERS")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON nodes BEGIN DELETE FROM edges; END", "REPLICA_SCHEMA_DIFFERS")]
    public void S8_a_forged_or_damaged_backup_is_refused_with_the_code_of_sync_and_leaves_nothing(string sql, string code)
    {
        using var file = new SpaceFile();
        var target = Save(file);
        using (var backup = Replica.Peer.Store.Sqlite.SqliteConnectionHandle.Open(target, mayCreate: false))
        {
            backup.Execute(sql);
        }

        var fault = Assert.Throws<DamagedException>(() => new SpaceRestore(target, file.Path + ".restored")
            .Run(file.Space, file.Identity, CancellationToken.None).Count());

        Assert.Equal(code, fault.Code);
        Assert.Equal([file.Path, target], Databases(file));
    }

    private static string Save(SpaceFile file)
    {
        using var backup = new SpaceBackup(file.Path, file.Path + ".backup");
        _ = backup.Copy(null, CancellationToken.None).Count();
        _ = backup.Publish(false);
        return file.Path + ".backup";
    }

    private static string[] Databases(SpaceFile file) => [.. Directory.GetFiles(file.Folder).Order(StringComparer.Ordinal)
        .Where(static path => !path.EndsWith("db-wal", StringComparison.Ordinal) && !path.EndsWith("db-shm", StringComparison.Ordinal))];

    private static void Grow(Peer.Store.Sqlite.SqliteEngine engine, int count)
    {
        engine.Begin();
        for (var i = 0; i < count; i++)
        {
            engine.SaveElement(new Target.Node($"many{i}"), Row(new string('x', 400)));
        }

        engine.Commit();
    }

    private static void Save(Peer.Store.Sqlite.SqliteEngine engine, string id)
    {
        engine.Begin();
        engine.SaveElement(new Target.Node(id), Row("x"));
        engine.Commit();
    }

    private static ElementRow Row(string text) =>
        new(true, "", System.Text.Encoding.UTF8.GetBytes($"{{\"t\":\"{text}\"}}"), new byte[] { 1, 0, 0, 0, 0, 0, 0 });
}
