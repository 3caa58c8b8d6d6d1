using Replica.Bench.Rows;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;

namespace Replica.Bench.Store;

/// <summary>A space file with so many changes, made once and removed with the process.</summary>
internal sealed class LongSpace
{
    private const long Milliseconds = 1_700_000_000_000;
    private const int ChangesInCommit = 1_000;

    /// <param name="changes">How many changes; every tenth makes a node, the others change one.</param>
    public LongSpace(int changes)
    {
        var folder = Directory.CreateTempSubdirectory("replica-bench-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Path = System.IO.Path.Combine(folder, "long.db");
        using var engine = SqliteEngine.Open(Path, mayCreate: true);
        engine.IsSynced = false;
        var ledger = new SpaceLedger(engine, Identity);
        ledger.Begin();
        _ = ledger.Found("writer", new(1), Milliseconds);
        ledger.Commit();
        var nodes = changes / 10;
        for (var done = 1; done < changes;)
        {
            ledger.Begin();
            for (var i = 0; i < ChangesInCommit && done < changes; i++, done++)
            {
                var n = done;
                _ = ledger.Transact(
                    transaction =>
                    {
                        transaction.Add(new Target.Node(NodeOf(n % nodes)), new Operation.SetField($"f{n % 5}", Value.From((long)n)));
                        return 0;
                    },
                    ("writer", new(1)),
                    Milliseconds,
                    out _);
            }

            ledger.Commit();
        }
    }

    /// <summary>Who wrote it.</summary>
    public static LedgerIdentity Identity { get; } = new CheckedIdentity(AuthorKey.FromBytes([.. Enumerable.Repeat((byte)1, Bytes32.Size)]));

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The id of a node.</summary>
    public static string NodeOf(int n) => $"node-{n:d7}";
}
