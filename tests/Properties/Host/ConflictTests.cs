using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Host;
using Replica.Peer.Store;
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
        Assert.Equal(Value.From("theirs"), found[1].Shown.Value);
        Assert.Equal(("writer", theirs.Dot, 0, theirs.Time), (found[1].Shown.AuthorName, found[1].Shown.Change, found[1].Shown.Index, found[1].Shown.Time));
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
        Assert.Equal(("b", "writer"), (conflict.Shown.Edge!.To, conflict.Shown.AuthorName));
        var lost = Assert.Single(conflict.Losers);
        Assert.Equal(("a", "me"), (lost.Edge!.To, lost.AuthorName));

        Write(ledger, new Mutation.Resolve(lost.Edge, ConflictPlace.Relation, "", FieldKind.Register, null));

        Assert.Empty(Conflicts(engine));
        using var reader = engine.OpenReader();
        Assert.Equal("a", reader.ReadEdges("x", null).Single().Edge.To);
    });

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
        _ = ledger.Transact(tx => mutations.Sum(m => Mutations.Apply(tx, m)), ("me", new(3)), TestSpace.Now, out _);
        ledger.Commit();
    }

    /// <summary>What another writer wrote without having seen any of it, by a clock that is ahead.</summary>
    private static Change Take(SpaceLedger ledger, TestLog other, OperationGroup group)
    {
        var change = other.Next(TestSpace.Now + 1000, [], [group]);
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
