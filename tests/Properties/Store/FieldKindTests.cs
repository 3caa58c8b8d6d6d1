using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>Counters, sets, vectors and to-one relations through a ledger of its own, from transaction to reader.</summary>
public sealed class FieldKindTests : IDisposable
{
    private static readonly Target.Node Node = new("x");
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void An_add_in_the_change_of_its_set_counts(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, tx =>
        {
            tx.Add(Node, new Operation.SetCounter("n", 5));
            tx.AddToCounter(Node, "n", 2);
            tx.AddToCounter(Node, "n", -4);
        });

        Assert.Equal("{\"n\":3}", Data(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void An_add_counts_on_the_set_that_its_author_knows_wherever_that_lies(string kind) => With(kind, (ledger, engine) =>
    {
        ledger.Begin();
        for (var i = 0; i < 300; i++)
        {
            // Within one run, over its end, and in the next transaction of the store.
            Transact(ledger, tx => tx.AddToCounter(Node, "n", 1));
            if (i == 10)
            {
                Transact(ledger, tx => tx.Add(Node, new Operation.SetCounter("n", 1000)));
            }
        }

        ledger.Commit();
        Write(new SpaceLedger(engine, ledger.Identity), tx => tx.AddToCounter(Node, "n", long.MaxValue));

        Assert.Equal($"{{\"n\":{unchecked(1000 + 289 + long.MaxValue)}}}", Data(engine));
        using var reader = engine.OpenReader();
        Assert.All(
            reader.ReadLog(0, isNewestFirst: false).Skip(13).SelectMany(c => ChangeCodec.Decode(c.Body).Groups).SelectMany(g => g.Operations),
            operation => Assert.NotNull(Assert.IsType<Operation.AddCounter>(operation).Base));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_removed_counter_starts_again_from_nothing(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, tx => tx.Add(Node, new Operation.SetCounter("n", 5)));
        Write(ledger, tx => tx.Add(Node, new Operation.RemoveField("n")));
        Assert.Equal("{}", Data(engine));

        Write(ledger, tx => tx.AddToCounter(Node, "n", 2));

        Assert.Equal("{\"n\":2}", Data(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_set_shows_its_values_once_and_in_order(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, tx =>
        {
            foreach (var value in new[] { Value.From("b"), Value.From(2), Value.From("a"), Value.From(2), Value.From(2.0), Value.Null })
            {
                tx.Add(Node, new Operation.AddToSet("s", value));
            }
        });
        Write(ledger, tx => tx.Add(Node, new Operation.RemoveFromSet("s", Value.From("b"))));

        Assert.Equal("{\"s\":{\"$set\":[2,\"a\",null,2.0]}}", Data(engine));
        Assert.Equal(Data(engine), ValueJson.ToString(ValueJson.Parse(System.Text.Encoding.UTF8.GetBytes(Data(engine)))));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_vector_rests_bit_for_bit(string kind) => With(kind, (ledger, engine) =>
    {
        var vector = VectorBytes.From([1.5f, -0f, float.NaN, float.Epsilon]);
        Write(ledger, tx => tx.Add(Node, new Operation.SetVector(vector)));

        using var reader = engine.OpenReader();
        Assert.Equal(vector, new VectorBytes(reader.GetNode("x")!.Value.Vector));
        Assert.Equal(vector, new VectorBytes(reader.ReadNodes(null, null).Single().Vector));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_to_one_relation_shows_the_last_link_and_keeps_its_rivals(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, tx =>
        {
            foreach (var id in new[] { "x", "a", "b", "c" })
            {
                tx.Add(new Target.Node(id), new Operation.Create());
            }
        });
        Write(ledger, tx => tx.Add(new Target.Edge("x", "boss", "b"), new Operation.Create()));
        Write(ledger, tx => tx.Add(new Target.Edge("x", "boss", "a"), new Operation.Create()));
        Write(ledger, tx => tx.Add(new Target.Edge("x", "boss", "c"), new Operation.SetField("f", Value.From(1))));
        Assert.Equal(["a", "b", "c"], Edges(engine, "x", null));

        Write(ledger, tx => tx.Add(Target.Space.Instance, new Operation.Declare("boss", Cardinality.ToOne)));

        Assert.Equal(["a"], Edges(engine, null, null));
        Assert.Equal(["a"], Edges(engine, "x", null));
        Assert.Equal(["a"], Edges(engine, null, "a"));
        Assert.Empty(Edges(engine, null, "b"));
        Assert.Empty(Edges(engine, "x", "b"));
        using var reader = engine.OpenReader();
        Assert.Equal(["a", "b", "c"], reader.ReadRivals(null).Single().Select(rival => rival.Edge.To));
        Write(ledger, tx => tx.Add(new Target.Node("a"), new Operation.Delete()));
        Assert.Equal(["b"], Edges(engine, null, null));
        Write(ledger, tx => tx.Add(Target.Space.Instance, new Operation.Declare("boss", Cardinality.ToMany)));
        Assert.Equal(["b", "c"], Edges(engine, null, null));
    });

    private static string Data(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return System.Text.Encoding.UTF8.GetString(reader.GetNode("x")!.Value.Data.Span);
    }

    private static string[] Edges(IStoreEngine engine, string? from, string? to)
    {
        using var reader = engine.OpenReader();
        return [.. reader.ReadEdges(from, to).Select(edge => edge.Edge.To)];
    }

    private static void Write(SpaceLedger ledger, Action<ITransaction> body)
    {
        ledger.Begin();
        Transact(ledger, body);
        ledger.Commit();
    }

    private static void Transact(SpaceLedger ledger, Action<ITransaction> body) => _ = ledger.Transact(
        tx =>
        {
            body(tx);
            return true;
        },
        ("me", new(3)),
        TestSpace.Now,
        out _);

    private void With(string kind, Action<SpaceLedger, IStoreEngine> test)
    {
        using var engine = _engines.Create(kind);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Founder));
        ledger.Begin();
        _ = ledger.Found("me", new(3), TestSpace.Now);
        ledger.Commit();
        test(ledger, engine);
    }
}
