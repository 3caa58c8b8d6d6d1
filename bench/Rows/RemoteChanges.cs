using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;

namespace Replica.Bench.Rows;

/// <summary>What another replica wrote: first the nodes with all their fields, then many changes of one field each.</summary>
internal sealed class RemoteChanges
{
    private const ulong Seed = 5;
    private const long Milliseconds = 1_700_000_000_000;
    private const int ChangesInRun = ChangeLimits.RunChangesMax;

    private static readonly string[] s_fields = ["title", "quantity", "price", "done", "changed"];

    /// <param name="changes">How many changes of one field there are.</param>
    /// <param name="nodes">Among how many nodes they are spread.</param>
    public RemoteChanges(int changes, int nodes)
    {
        var engine = new MemoryEngine();
        var ledger = new SpaceLedger(engine, new CheckedIdentity(AuthorKey.FromBytes(new byte[Bytes32.Size])));
        ledger.Begin();
        Space = ledger.Found("writer", new(Seed), Milliseconds);
        for (var node = 0; node < nodes; node++)
        {
            Write(ledger, node, [.. s_fields.Select(field => new Operation.SetField(field, Value.From(0L)))]);
        }

        ledger.Commit();
        using (var reader = engine.OpenReader())
        {
            Nodes = ReadRuns(reader, []);
        }

        var before = ledger.Positions()[0];
        var chance = new SplitMix64(Seed);
        for (var done = 0; done < changes; done += ChangesInRun)
        {
            ledger.Begin();
            for (var next = done; next < Math.Min(changes, done + ChangesInRun); next++)
            {
                Write(ledger, chance.Below(nodes), [new Operation.SetField(s_fields[chance.Below(s_fields.Length)], NextValue(ref chance))]);
            }

            ledger.Commit();
        }

        using (var reader = engine.OpenReader())
        {
            Runs = ReadRuns(reader, ledger.Places.Reach([before]));
        }
    }

    /// <summary>The space they are in.</summary>
    public SpaceId Space { get; }

    /// <summary>The founding and the nodes.</summary>
    public IReadOnlyList<SignedRun> Nodes { get; }

    /// <summary>The changes to be merged.</summary>
    public IReadOnlyList<SignedRun> Runs { get; }

    private static void Write(SpaceLedger ledger, int node, Operation[] operations) => _ = ledger.Transact(
        transaction =>
        {
            foreach (var operation in operations)
            {
                transaction.Add(new Target.Node($"node-{node:d6}"), operation);
            }

            return 0;
        },
        ("writer", new(Seed)),
        Milliseconds,
        out _);

    private static Value NextValue(ref SplitMix64 chance) => chance.Below(4) switch
    {
        0 => Value.From(chance.Unit() * 10_000),
        1 => Value.From("a text of some twenty letters"),
        2 => Value.From(chance.Below(2) == 0),
        _ => Value.From((long)chance.Below(1_000)),
    };

    private static SignedRun[] ReadRuns(IStoreReader reader, Dictionary<BranchId, ulong> has) =>
        [.. reader.ReadRuns(new(0, has, new HashSet<BranchId>(), int.MaxValue)).Runs.Select(static run => run.Run)];
}
