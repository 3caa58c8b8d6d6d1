using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Model;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt;

/// <summary>The laws of the element merge, with the plain fold as the judge.</summary>
public sealed class ElementTests(ITestOutputHelper output)
{
    /// <summary>Small and wild: few replicas on one node that seldom hear of each other.</summary>
    private static readonly HistoryShape Dense = new() { Replicas = 3, Steps = 14, Nodes = 1, Fields = 1, OperationsMax = 2, HearPercent = 40 };

    /// <summary>The same without other kinds of fields, which the shortcuts do not speak of.</summary>
    private static readonly HistoryShape Registers = Dense with { HasKinds = false };

    [Fact]
    public void Every_causal_order_gives_the_same_element() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        var first = Apply(history, history.Changes, chance);
        for (var i = 0; i < 5; i++)
        {
            var other = Apply(history, history.Reorder(chance), chance);

            Assert.Equal(first.Elements.Count, other.Elements.Count);
            Assert.All(first.Elements, pair => Assert.Equal(first.Describe(pair.Value), other.Describe(other.Elements[pair.Key])));
        }
    });

    [Fact]
    public void An_element_shows_what_the_slow_model_shows() => Seeds.ForEach(output, chance => AssertShowsTheModel(chance, Dense));

    [Fact]
    public void The_incremental_form_without_a_shortcut_is_the_fold() =>
        Seeds.ForEach(output, chance => Assert.True(IsRight(Shortcut.None, chance)));

    [Theory]
    [InlineData(Shortcut.OnlyLatestDelete)]
    [InlineData(Shortcut.OnlyVisibleWrites)]
    [InlineData(Shortcut.RemovalsPruneWrites)]
    [InlineData(Shortcut.ForgetDeletesAtRecreation)]
    [InlineData(Shortcut.DropHiddenAtRecreation)]
    [InlineData(Shortcut.NoTombstoneForFields)]
    public void Each_tempting_shortcut_is_wrong_and_the_model_shows_it(Shortcut shortcut)
    {
        for (ulong seed = 1; seed <= 20_000; seed++)
        {
            if (!IsRight(shortcut, new(seed)))
            {
                output.WriteLine($"seed {seed}\n{HistoryGenerator.Next(new(seed), Registers).ToStory()}");

                // The same history, in the same order of arrival, is what the element itself must get right.
                AssertShowsTheModel(new(seed), Registers);
                return;
            }
        }

        Assert.Fail("20,000 histories show nothing wrong with it: the generator is too tame, or it is no shortcut.");
    }

    private static void AssertShowsTheModel(Chance chance, HistoryShape shape)
    {
        var history = HistoryGenerator.Next(chance, shape);
        var order = history.Reorder(chance);
        var view = new HistoryView(history, chance);
        for (var i = 0; i < order.Count; i++)
        {
            view.Apply(order[i].Change);
            foreach (var (target, expected) in SlowModel.Fold(order.Take(i + 1).Select(c => c.Change)).Elements)
            {
                AssertShows(expected, view.Elements[target], view);
            }
        }
    }

    private static void AssertShows(ModelElement expected, Element found, HistoryView view)
    {
        Assert.Equal(expected.IsAlive, found.IsAlive);
        if (!expected.IsAlive)
        {
            return;
        }

        Assert.Equal(expected.Type.Shown?.AsString() ?? "", found.ShownType(view));
        Assert.Equal(expected.Vector.Shown, found.Vector.Winner(view)?.Value);
        Assert.Equal(expected.Fields.Where(f => f.Value.Shown is not null).Select(f => (f.Key, f.Value.Shown!.Value)),
            found.ShownFields(view).Select(f => (f.Key, f.Value)));
        var conflicts = ConflictList.Of(found, view);
        Assert.Equal(
            expected.Fields.SelectMany(f => f.Value.Conflicts.Select(lost => (f.Key, lost.Dot.Seq, lost.Index, lost.Value))),
            conflicts.Where(c => c.Place == ConflictPlace.Field)
                .SelectMany(c => c.Losers.Select(lost => (c.Name, lost.Stamp.Seq, lost.Stamp.Index, lost.Value))));
        Assert.Equal(expected.Type.Conflicts.Count, conflicts.Where(c => c.Place == ConflictPlace.Type).Sum(c => c.Losers.Count));
        Assert.Equal(expected.Vector.Conflicts.Count, conflicts.Where(c => c.Place == ConflictPlace.Vector).Sum(c => c.Losers.Count));
    }

    private static bool IsRight(Shortcut shortcut, Chance chance)
    {
        var history = HistoryGenerator.Next(chance, Registers);
        var model = SlowModel.Fold(history.Reorder(chance).Select(c => c.Change));
        return model.Elements.Where(pair => pair.Key is Target.Node).All(pair =>
        {
            var element = new ShortcutElement<ModelOperation>(shortcut, static (earlier, later) => earlier.IsBefore(later));
            foreach (var operation in model.OperationsOn(pair.Key))
            {
                element.Apply(operation, operation.Operation);
            }

            return element.Show(Comparer<ModelOperation>.Create(static (a, b) => a.CompareStamp(b))) == Show(pair.Value);
        });
    }

    /// <summary>What a model's element shows, as <see cref="ShortcutElement{TAt}"/> writes it.</summary>
    public static string Show(ModelElement element)
    {
        var shown = element.Fields.ToList();
        shown.Add(new("(type)", element.Type));
        return !element.IsAlive ? "gone" : string.Join(", ", shown
            .Where(field => field.Value.Shown is not null)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}={field.Value.Shown}"));
    }

    private static HistoryView Apply(History history, IEnumerable<HistoryChange> order, Chance chance)
    {
        var view = new HistoryView(history, chance);
        foreach (var next in order)
        {
            view.Apply(next.Change);
        }

        return view;
    }
}
