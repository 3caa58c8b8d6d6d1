using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Store.Sqlite;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>A space in a file, made from a history and closed, for tests to damage.</summary>
internal sealed class SpaceFile : IDisposable
{
    public const long FarFuture = 4_000_000_000_000;

    private static readonly HistoryShape Rich = new()
    {
        Replicas = 3,
        Steps = 120,
        HearPercent = 25,
        Nodes = 6,
        Fields = 3,
        OperationsMax = 4,
        MovePercent = 25,
    };

    private static readonly Lazy<(SpaceId Space, byte[] Bytes)> Template = new(static () =>
    {
        using var made = new SpaceFile(HistoryGenerator.Next(new Chance(7), Rich), null);
        return (made.Space, File.ReadAllBytes(made.Path));
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("replica-file-").FullName;

    /// <summary>A space with everything in it; the same each time.</summary>
    public SpaceFile()
    {
        (Space, var bytes) = Template.Value;
        File.WriteAllBytes(Path, bytes);
    }

    /// <summary>A space with a history in a random order, in random batches, reopened now and then; or in its own order.</summary>
    public SpaceFile(History history, Chance? chance)
    {
        Space = history.Space;
        var engine = Open();
        var ledger = new SpaceLedger(engine, Identity);
        ledger.Begin();
        ledger.Join(Space);
        foreach (var run in HistoryRuns.ToRuns(Space, chance is null ? history.Changes : history.Reorder(chance)))
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run, FarFuture).Verdict);
            if (chance?.Percent(20) == true)
            {
                ledger.Commit();
                if (chance.Percent(30))
                {
                    engine.Dispose();
                    engine = Open();
                    ledger = new(engine, Identity);
                }

                ledger.Begin();
            }
        }

        ledger.Commit();
        engine.Dispose();
    }

    public string Path => System.IO.Path.Combine(_folder, "space.db");

    public string Folder => _folder;

    public SpaceId Space { get; }

    public LedgerIdentity Identity { get; } = new SimulatedSigner(TestSpace.Stranger);

    public SqliteEngine Open() => SqliteEngine.Open(Path, mayCreate: true);

    public (IReadOnlyList<Damage> Damages, VerifySummary Sum) Verify()
    {
        var events = new SpaceVerification(Path, Path + "-verify", Space, Identity).Run(CancellationToken.None).ToArray();
        Assert.DoesNotContain(Directory.GetFiles(_folder), static path => path.Contains("-verify", StringComparison.Ordinal));
        return ([.. events.OfType<IntegrityEvent.Found>().Select(static found => found.Damage)], ((IntegrityEvent.Verified)events[^1]).Summary);
    }

    /// <summary>All lines of damage, for comparison and for people.</summary>
    public string[] Lines() => [.. Verify().Damages.Select(static damage => $"{damage.Code} {damage.Subject}: {damage.Detail}")];

    /// <summary>What an owner with an SQLite tool does.</summary>
    public void Sql(string sql)
    {
        using var file = SqliteConnectionHandle.Open(Path, mayCreate: false);
        file.Execute(sql);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
