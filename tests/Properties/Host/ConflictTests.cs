using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store;
using Xunit;

namespace Replica.Tests.Properties.Host;

/// <summary>Conflicts as a user meets them: who wrote what, and one write that settles it.</summary>
public sealed class ConflictTests : IDisposable
{
    private static readonly Target.Node Node = new("x");
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void A_lost_write_is_listed_with_its_author_and_settled_by_a_new_one(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, new Mutation.PutNode("x", "mine", [new("f", Value.From("mine"))]));
        var theirs = Take(ledger, other, new(Node, [new Operation.SetField("f", Value.From("theirs")), new Operation.SetType("theirs")]));

        var found = Conflicts(engine);
        Assert.Equal([ConflictPlace.Type, ConflictPlace.Field], found.Select(c => c.Place));
        Assert.Equal(Value.From("theirs"), found[1].Shown!.Value);
        Assert.Equal(("writer", theirs.Dot, 0, theirs.Time), (found[1].Shown!.AuthorName, found[1].Shown!.Change, found[1].Shown!.Index, found[1].Shown!.Time));
        var lost = Assert.Single(found[1].Losers);
        Assert.Equal((Value.From("mine"), "me", TestSpace.Founder), (lost.Value!.Value, lost.AuthorName, lost.Author));

        Write(ledger, new Mutation.Resolve(Node, ConflictPlace.Field, "f", FieldKind.Register, lost.Value));
        Write(ledger, new Mutation.Resolve(Node, ConflictPlace.Type, "", FieldKind.Register, Value.From("ours")));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal(("ours", "{\"f\":\"mine\"}"), (reader.GetNode("x")!.Value.Type, Text(reader.GetNode("x")!.Value.Data)));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Kinds_that_meet_under_one_name_are_settled_for_one_of_them(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, new Mutation.AddCounter(Node, "f", 7), new Mutation.AddToSet(Node, "g", Value.From(1)));
        Take(ledger, other, new(Node, [new Operation.AddToSet("f", Value.From("a")), new Operation.SetField("g", Value.From(2))]));

        Assert.Equal([FieldKind.Counter, FieldKind.Set], Conflicts(engine).Select(c => c.Losers.Single().Kind));
        Write(ledger, new Mutation.Resolve(Node, ConflictPlace.Field, "f", FieldKind.Counter, Value.From(7)));
        Write(ledger, new Mutation.Resolve(Node, ConflictPlace.Field, "g", FieldKind.Set, Value.SetOf([Value.From(1), Value.From(2)])));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal("{\"f\":7,\"g\":{\"$set\":[1,2]}}", Text(reader.GetNode("x")!.Value.Data));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_link_in_a_to_one_relation_takes_the_place_of_the_one_before(string kind) => With(kind, (ledger, engine, _) =>
    {
        Write(ledger, Put("x"), Put("a"), Put("b"), new Mutation.Declare("boss", Cardinality.ToOne));
        Write(ledger, Link("a"));
        Write(ledger, Link("b"));
        Write(ledger, Link("b"));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal("b", reader.ReadEdges(null, null).Single().Edge.To);
        Assert.False(engine.LoadElement(new Target.Edge("x", "boss", "a"))!.Value.IsAlive);
    });

    [Theory, MemberData(nameof(Engines))]
    public void Concurrent_links_of_a_to_one_relation_are_a_conflict_until_one_is_chosen(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, Put("x"), Put("a"), Put("b"), new Mutation.Declare("boss", Cardinality.ToOne), Link("a"));
        Take(ledger, other, new(new Target.Edge("x", "boss", "b"), [new Operation.Create()]));

        var conflict = Assert.Single(Conflicts(engine));
        Assert.Equal((Node, ConflictPlace.Relation, "boss"), (conflict.Target, conflict.Place, conflict.Name));
        Assert.Equal(("b", "writer"), (conflict.Shown!.Edge!.To, conflict.Shown.AuthorName));
        var lost = Assert.Single(conflict.Losers);
        Assert.Equal(("a", "me"), (lost.Edge!.To, lost.AuthorName));

        Write(ledger, new Mutation.Resolve(lost.Edge, ConflictPlace.Relation, "", FieldKind.Register, null));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal("a", reader.ReadEdges("x", null).Single().Edge.To);
    });

    [Theory, MemberData(nameof(Engines))]
    public void An_edge_chosen_among_parallel_ones_stays_alone(string kind) => With(kind, (ledger, engine, other) =>
    {
        var first = new Target.Edge("x", "boss", "a", "1");
        Write(ledger, Put("x"), Put("a"), new Mutation.Declare("boss", Cardinality.ToOne), new Mutation.LinkEdge(first, [], EndpointsRequired: true));
        Take(ledger, other, new(first with { Key = "2" }, [new Operation.Create()]));

        Write(ledger, new Mutation.Resolve(first, ConflictPlace.Relation, "", FieldKind.Register, null));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal(first, reader.ReadEdges("x", null).Single().Edge);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_skipped_move_is_listed_until_its_node_is_moved_again(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, Put("x"), Put("y"), Move("y", null), Move("x", "y"));
        var theirs = Take(ledger, other, Placed("y", "x"));

        var conflict = Assert.Single(Conflicts(engine));
        Assert.Equal((new Target.Node("y"), ConflictPlace.Move), (conflict.Target, conflict.Place));
        Assert.Equal((null, "me"), (conflict.Shown!.Value, conflict.Shown.AuthorName));
        var lost = Assert.Single(conflict.Losers);
        Assert.Equal((Value.Reference("x"), "writer", theirs.Dot, theirs.Time), (lost.Value!.Value, lost.AuthorName, lost.Change, lost.Time));

        Write(ledger, new Mutation.Resolve(new Target.Node("y"), ConflictPlace.Move, "", FieldKind.Register, null));

        Assert.Empty(Conflicts(engine));
        Assert.Equal(["y", "x"], Tree(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_skipped_move_is_carried_out_once_what_was_in_its_way_is_moved(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, Put("x"), Put("y"), Move("x", "y"));
        Take(ledger, other, Placed("y", "x"));
        Assert.Null(Assert.Single(Conflicts(engine)).Shown);

        var cycle = Assert.Throws<ReplicaException>(() => Write(ledger, Settled("y", "x")));
        Assert.Equal("REPLICA_CYCLE", cycle.Code);
        Write(ledger, Move("x", null), Settled("y", "x"));

        Assert.Empty(Conflicts(engine));
        Assert.Equal(["x", "y"], Tree(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_node_that_stays_keeps_its_place_among_its_siblings(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, Put("x"), Put("y"), Put("z"), Move("x", null), Move("y", null), Move("z", null));
        Take(ledger, other, Placed("x", "y"));
        Write(ledger, Move("x", null), Move("z", "x"), Move("y", "z"));
        Write(ledger, Move("x", null), Move("z", null), Move("y", null), Settled("z", null));

        Assert.Equal(["x", "z", "y"], Tree(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void The_moves_of_a_deleted_node_are_no_conflict(string kind) => With(kind, (ledger, engine, other) =>
    {
        Write(ledger, Put("x"), Put("y"), Move("x", "y"));
        Take(ledger, other, Placed("y", "x"));
        Write(ledger, new Mutation.DeleteNode("y"));

        Assert.Empty(Conflicts(engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Vectors_counters_and_fields_of_edges_are_settled_as_well(string kind) => With(kind, (ledger, engine, other) =>
    {
        var edge = new Target.Edge("x", "knows", "x");
        Write(ledger, new Mutation.SetVector("x", VectorBytes.From([1f])), new Mutation.SetCounter(Node, "n", 1),
            new Mutation.LinkEdge(edge, [new("since", Value.From(1))], EndpointsRequired: true));
        Take(ledger, other, new(Node, [new Operation.SetVector(VectorBytes.From([2f])), new Operation.SetCounter("n", 2)]));
        Take(ledger, other, new(edge, [new Operation.SetField("since", Value.From(2))]));
        Assert.Equal([ConflictPlace.Vector, ConflictPlace.Field, ConflictPlace.Field], Conflicts(engine).Select(c => c.Place));

        Write(ledger,
            new Mutation.Resolve(Node, ConflictPlace.Vector, "", FieldKind.Register, Value.From(VectorBytes.From([3f]).Bytes.ToArray())),
            new Mutation.Resolve(Node, ConflictPlace.Field, "n", FieldKind.Counter, Value.CounterOf(3)),
            new Mutation.Resolve(edge, ConflictPlace.Field, "since", FieldKind.Register, Value.From(3)));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal(VectorBytes.From([3f]), new VectorBytes(reader.GetNode("x")!.Value.Vector));
        Assert.Equal("{\"n\":3}", Text(reader.GetNode("x")!.Value.Data));
        Assert.Equal("{\"since\":3}", Text(reader.ReadEdges("x", null).Single().Data));
    });

    private static OperationGroup Placed(string id, string parent) => new(
        new Target.Node(id), [new Operation.Move(parent, TreePosition.FromBytes([0, 0, 0, 0, 0, 0, 0x81]))]);

    private static Mutation.MoveNode Move(string id, string? parent) => new(id, parent, new MovePlace.Last());

    private static Mutation.Resolve Settled(string id, string? parent) => new(
        new Target.Node(id), ConflictPlace.Move, "", FieldKind.Register, parent is null ? null : Value.Reference(parent));

    private static List<string> Tree(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return [.. TreeWalk.Below(reader.Tree, null).Select(item => item.Id)];
    }

    private static Mutation.PutNode Put(string id) => new(id, null, []);

    private static Mutation.LinkEdge Link(string to) => new(new("x", "boss", to), [], EndpointsRequired: true);

    private static string Text(ReadOnlyMemory<byte> data) => System.Text.Encoding.UTF8.GetString(data.Span);

    /// <summary>All conflicts, and those of each target by itself, which must be the same.</summary>
    private static List<Conflict> Conflicts(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        var conflicts = new ConflictReader(reader);
        var all = conflicts.ReadAll().ToList();
        Assert.Equal(all.Count, all.Select(c => c.Target).Distinct().Sum(target => conflicts.Read(target).Count));
        return all;
    }

    private static void Write(SpaceLedger ledger, params Mutation[] mutations)
    {
        ledger.Begin();
        try
        {
            _ = ledger.Transact(tx => mutations.Sum(m => Mutations.Apply(tx, m)), ("me", new(3)), TestSpace.Now, out _);
        }
        finally
        {
            ledger.Commit();
        }
    }

    /// <summary>What another writer wrote without having seen any of it, by a clock that is ahead.</summary>
    private static Change Take(SpaceLedger ledger, TestLog other, OperationGroup group)
    {
        var change = other.Next(TestSpace.Now + 1000 + (long)other.Seq, [], [group]);
        ledger.Begin();
        Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(other.Run(ledger.Space!.Value, change), TestSpace.Now).Verdict);
        ledger.Commit();
        return change;
    }

    private void With(string kind, Action<SpaceLedger, IStoreEngine, TestLog> test)
    {
        using var engine = _engines.Create(kind);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Founder));
        ledger.Begin();
        _ = ledger.Found("me", new(3), TestSpace.Now);
        _ = ledger.Transact(tx =>
        {
            tx.Add(Target.Space.Instance, new Operation.Promote(TestSpace.Writer, Role.Writer));
            return true;
        }, ("me", new(3)), TestSpace.Now, out _);
        ledger.Commit();
        var other = new TestLog(TestSpace.Writer, "writer");
        var header = other.Next(TestSpace.Now + 500, [ledger.Positions().Single()], [other.HeaderGroup]);
        ledger.Begin();
        Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(other.Run(ledger.Space!.Value, header), TestSpace.Now).Verdict);
        ledger.Commit();
        test(ledger, engine, other);
    }
}
