using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Testing.Histories;
using Replica.Tests.Properties.Crdt;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>Elements at rest are the elements that were put there: shown values, conflicts, marks and hidden entries.</summary>
public sealed class ElementRowCodecTests(ITestOutputHelper output)
{
    [Fact]
    public void An_element_reads_back_whole_at_every_point_of_its_history() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        var view = new HistoryView(history, chance);
        foreach (var next in history.Reorder(chance))
        {
            view.Apply(next.Change);
            foreach (var (target, element) in view.Elements)
            {
                var row = ElementRowCodec.Encode(element, view);
                var again = ElementRowCodec.Decode(row, target is Target.Edge);

                Assert.Equal(view.Describe(element), view.Describe(again));
                Assert.Equal(element.IsAlive, row.IsAlive);
                var once = ElementRowCodec.Encode(again, view);
                Assert.Equal(row.Data.ToArray(), once.Data.ToArray());
                Assert.Equal(row.Clocks.ToArray(), once.Clocks.ToArray());
            }
        }
    }, cases: 60);

    [Fact]
    public void Every_value_rests_unchanged_as_shown_and_as_conflict() => Seeds.ForEach(output, chance =>
    {
        var view = new NoView();
        var (shown, lost) = (ValueGenerator.Next(chance, 3), ValueGenerator.Next(chance, 3));
        Entry[] entries = [new(new(new(1), new(0), 1, 0), lost, []), new(new(new(2), new(1), 1, 0), shown, [])];
        var name = ValueGenerator.Text(chance);
        var element = Element.FromParts([entries[1]], [new(name, Register.FromEntries(entries))]);

        var again = ElementRowCodec.Decode(ElementRowCodec.Encode(element, view));

        Assert.Equal(entries, again.FieldOf(name).Register.Entries.ToArray());
    }, cases: 1_000);

    [Fact]
    public void The_deepest_value_with_the_oddest_names_can_be_read_again()
    {
        var value = Value.From(new byte[] { 1 });
        for (var level = 0; level < ValueLimits.LevelsMax; level++)
        {
            value = Value.From([KeyValuePair.Create("$map", value)]);
        }

        Entry[] entries = [new(new(new(1), new(0), 1, 0), value, [])];
        var element = Element.FromParts(entries, [new("$f", Register.FromEntries(entries))]);

        var again = ElementRowCodec.Decode(ElementRowCodec.Encode(element, new NoView()));

        Assert.Equal(value, again.FieldOf("$f").Register.Entries[0].Value);
    }

    [Fact]
    public void A_damaged_row_is_called_damaged()
    {
        Entry[] entries = [new(new(new(1), new(0), 1, 0), Value.From(1), [])];
        var row = ElementRowCodec.Encode(Element.FromParts(entries, [new("f", Register.FromEntries(entries))]), new NoView());
        for (var length = 1; length < row.Clocks.Length; length++)
        {
            Assert.Throws<EncodingException>(() => ElementRowCodec.Decode(row with { Clocks = row.Clocks[..length] }));
        }

        Assert.Throws<EncodingException>(() => ElementRowCodec.Decode(row with { Data = "{}"u8.ToArray() }));
        Assert.Throws<EncodingException>(() => ElementRowCodec.Decode(row with { Data = Encoding.UTF8.GetBytes("nonsense") }));
    }

    /// <summary>For stamps that differ in time.</summary>
    private sealed class NoView : ICausalView
    {
        public bool HappensBefore(Stamp earlier) => false;

        public LogId LogOf(BranchId branch) => new((UInt128)branch.Value);

        public HeadPrefix HeadOf(BranchId branch, ulong seq) => default;

        public ChangeHash HashOf(BranchId branch, ulong seq) => default;
    }
}
