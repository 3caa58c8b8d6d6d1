using System.Text.Json;
using System.Text.Json.Serialization;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Host.Queries;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>Nodes as records by generated metadata: what is kept, what is written, and which shapes are refused.</summary>
public sealed partial class TypedTests : SpaceTests
{
    private static readonly Note Sample = new(
        "n1", "Milk", 2, 0.5, true, new HashSet<string> { "shop", "today" }, DateTimeOffset.UnixEpoch.AddDays(1), [1, 2, 255], ["a", "b"], new("x", 3));

    [Fact]
    public async Task A_record_reads_as_it_was_written_and_its_fields_have_kinds_of_their_own()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        _ = await notes.PutAsync(Sample);

        var node = (await Space.GetNodeAsync("n1"))!;
        var kinds = node.Fields.ToDictionary(static field => field.Key, static field => field.Value.Kind);
        Assert.Equal(JsonSerializer.Serialize(Sample, Shapes.Default.Note), JsonSerializer.Serialize((await notes.GetAsync("n1"))!, Shapes.Default.Note));
        Assert.Equal("note", node.Type);
        Assert.Equal(
            (ValueKind.String, ValueKind.Integer, ValueKind.Double, ValueKind.Set, ValueKind.Timestamp, ValueKind.Bytes, ValueKind.Array, ValueKind.Map),
            (kinds["title"], kinds["count"], kinds["weight"], kinds["tags"], kinds["due"], kinds["picture"], kinds["lines"], kinds["place"]));
    }

    [Fact]
    public async Task Only_what_differs_is_written_so_another_edit_of_another_field_stays()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        _ = await notes.PutAsync(Sample);
        var mine = (await notes.GetAsync("n1"))!;
        await Space.TransactAsync(tx => tx.Set("n1", "title", Value.From("Bread")));

        var receipt = await notes.PutAsync(mine with { Done = false }, before: mine);

        Assert.Equal(1, receipt.Operations);
        var now = (await notes.GetAsync("n1"))!;
        Assert.Equal(("Bread", false), (now.Title, now.Done));
        Assert.Null((await notes.PutAsync(now)).Dot);
        Assert.Equal(1, (await notes.UpdateAsync("n1", static note => note with { Title = "Oats" })).Operations);
    }

    [Fact]
    public async Task Sets_and_counters_take_the_difference_and_null_takes_the_field_away()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        await Space.TransactAsync(tx =>
        {
            notes.Put(tx, Sample with { Count = null });
            tx.Add("n1", "count", 5);
        });
        var mine = (await notes.GetAsync("n1"))!;
        await Space.TransactAsync(tx =>
        {
            tx.Add("n1", "count", 10);
            tx.Write(new Mutation.AddToSet(new Target.Node("n1"), "tags", Value.From("theirs")));
        });

        await notes.PutAsync(mine with { Count = 6, Tags = new HashSet<string> { "shop", "mine" }, Due = null }, before: mine);

        var now = (await notes.GetAsync("n1"))!;
        Assert.Equal(16, now.Count);
        Assert.Equal(["mine", "shop", "theirs"], now.Tags.Order(StringComparer.Ordinal));
        Assert.Null(now.Due);
        Assert.DoesNotContain((await Space.GetNodeAsync("n1"))!.Fields, static field => field.Key == "due");
        Assert.Equal(FieldKind.Counter, (await Space.TransactAsync(static tx => tx.KindOf("n1", "count"))).Result);
    }

    [Fact]
    public async Task Fields_that_the_record_does_not_name_and_references_stay()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        await Space.TransactAsync(tx => tx.Put("n1", "note", new("extra", Value.From(1L)), new("title", Value.Reference("other"))));
        await notes.UpdateAsync("n1", static note => note with { Title = "another", Count = 1 });

        var fields = (await Space.GetNodeAsync("n1"))!.Fields.ToDictionary();
        Assert.Equal(1L, fields["extra"].AsInteger());
        Assert.Equal("another", fields["title"].AsNodeReference());
    }

    [Fact]
    public async Task Records_are_listed_watched_and_deleted_and_those_of_another_type_are_none()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        await Space.TransactAsync(tx => tx.Put("other", "other"));
        _ = await notes.PutAsync(Sample);
        await using var live = notes.WatchAsync().GetAsyncEnumerator();
        Assert.True(await live.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("Milk", Assert.Single(live.Current.Differences).Item!.Title);
        _ = await notes.DeleteAsync("n1");
        Assert.True(await live.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(LiveKind.Removed, Assert.Single(live.Current.Differences).Kind);
        Assert.Null(await notes.GetAsync("other"));
        await foreach (var note in notes.ListAsync())
        {
            Assert.Fail(note.Id);
        }
    }

    [Fact]
    public async Task A_node_that_does_not_fit_is_named_with_its_field_and_can_be_put_right()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        await Space.TransactAsync(tx => tx.Put("n1", "note", new KeyValuePair<string, Value>("count", Value.From("many"))));

        var fault = await Assert.ThrowsAsync<ReplicaException>(async () => await notes.GetAsync("n1"));

        Assert.Equal("REPLICA_SHAPE", fault.Code);
        Assert.Contains("'n1'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("$.count", fault.Message, StringComparison.Ordinal);
        _ = await notes.PutAsync(Sample);
        Assert.Equal(2, (await notes.GetAsync("n1"))!.Count);
    }

    [Fact]
    public void Shapes_that_no_node_can_hold_are_refused_with_a_remedy()
    {
        Assert.Contains("add one", Refused(() => Space.Nodes(Shapes.Default.NoId)), StringComparison.Ordinal);
        Assert.Contains("add one", Refused(() => Space.Nodes(Shapes.Default.NumberId)), StringComparison.Ordinal);
        Assert.Contains("smallest unit", Refused(() => Space.Nodes(Shapes.Default.Money)), StringComparison.Ordinal);
        Assert.Contains("leave it out", Refused(() => Space.Nodes(Shapes.Default.Catcher)), StringComparison.Ordinal);
        Assert.Contains("plain record", Refused(() => Space.Nodes(Shapes.Default.ListString)), StringComparison.Ordinal);
        Assert.Contains("derived types", Refused(() => Space.Nodes(Shapes.Default.Shape)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_without_an_id_or_with_one_too_long_is_refused_and_nothing_is_written()
    {
        var notes = Space.Nodes(Shapes.Default.Note);
        var none = await Assert.ThrowsAsync<ReplicaException>(() => notes.PutAsync(Sample with { Id = null! }));
        var empty = await Assert.ThrowsAsync<ReplicaException>(() => notes.PutAsync(Sample with { Id = "" }));

        Assert.Equal(("REPLICA_SHAPE", "REPLICA_INVALID"), (none.Code, empty.Code));
    }

    private static string Refused(Action make)
    {
        var fault = Assert.Throws<ReplicaException>(make);
        Assert.Equal("REPLICA_SHAPE", fault.Code);
        return fault.Message;
    }

    internal sealed record Place(string Name, int Floor);

    internal sealed record Note(
        string Id, string? Title, long? Count, double Weight, bool Done, ISet<string> Tags, DateTimeOffset? Due, byte[] Picture, string[] Lines,
        Place? Place)
    {
        public ISet<string> Tags { get; init; } = Tags ?? new HashSet<string>();
    }

    internal sealed record NoId(string Name);

    internal sealed record NumberId(int Id);

    internal sealed record Money(string Id, decimal Price);

    [JsonDerivedType(typeof(Circle), "circle")]
    internal record Shape(string Id);

    internal sealed record Circle(string Id, double Radius) : Shape(Id);

    internal sealed class Catcher
    {
        public string Id { get; set; } = "";

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; set; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Note))]
    [JsonSerializable(typeof(NoId))]
    [JsonSerializable(typeof(NumberId))]
    [JsonSerializable(typeof(Money))]
    [JsonSerializable(typeof(Catcher))]
    [JsonSerializable(typeof(Shape))]
    [JsonSerializable(typeof(List<string>))]
    internal sealed partial class Shapes : JsonSerializerContext;
}
