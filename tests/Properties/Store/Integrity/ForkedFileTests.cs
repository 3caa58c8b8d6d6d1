using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>A forked log is no damage: both branches are verified, and built anew by a repair.</summary>
public sealed class ForkedFileTests : IDisposable
{
    private readonly TestEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Theory]
    [InlineData("UPDATE logs SET fork = fork + 1 WHERE parent >= 0", "log number 2: differs in fork")]
    [InlineData("DELETE FROM branch_heads", "head of log number 2 at change 3: is missing")]
    [InlineData("UPDATE branch_heads SET branch = 0", "head of log number 0 at change 3: differs")]
    public void T6_both_branches_pass_and_edits_of_them_are_found_and_repaired(string sql, string due)
    {
        TestSpace space;
        IReadOnlyList<string> before;
        using (var engine = _engines.Create("sqlite"))
        {
            space = new TestSpace(engine);
            var other = space.WriterLog.Branch();
            space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)])));
            space.Accepts(other.Run(space.Space, other.Next(TestSpace.Now + 5, [], [TestSpace.Set("x", "f", 3)])));
            before = LedgerState.ToLines(space.Ledger, engine);
            Assert.Equal(3, space.Ledger.Logs.Count);
        }

        var path = _engines.LastPath;
        Assert.Empty(Verify(space, path));
        using (var file = SqliteConnectionHandle.Open(path, mayCreate: false))
        {
            file.Execute(sql);
        }

        Assert.Contains(due, Verify(space, path));

        var last = new SpaceRepair(path, space.Space, space.Ledger.Identity, DateTimeOffset.UnixEpoch).Run(CancellationToken.None).Last();

        Assert.Equal(0, Assert.IsType<IntegrityEvent.Repaired>(last).Summary.Lost);
        Assert.Empty(Verify(space, path));
        using var repaired = SqliteEngine.Open(path, mayCreate: false);
        Assert.Equal(before, LedgerState.ToLines(new SpaceLedger(repaired, space.Ledger.Identity), repaired));
    }

    private static string[] Verify(TestSpace space, string path) =>
    [
        .. new SpaceVerification(path, path + "-verify", space.Space, space.Ledger.Identity).Run(CancellationToken.None)
            .OfType<IntegrityEvent.Found>().Select(static found => $"{found.Damage.Subject}: {found.Damage.Detail}"),
    ];
}
