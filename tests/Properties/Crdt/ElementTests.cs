using Replica.Crdt.Changes;
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
    public void An_element_shows_what_the_slow_model_shows() => Seeds.ForEach(output, AssertShowsTheModel);

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
                output.WriteLine($"seed {seed}\n{HistoryGenerator.Next(new(seed), Dense).ToStory()}");

                // The same history, in the same order of arrival, is what the element itself must get right.
                AssertShowsTheModel(new(seed));
                return;
            }
        }

        Assert.Fail("20,000 histories show nothing wrong with it: the generator is too tame, or it is no shortcut.");
    }

    private static void AssertShowsTheModel(Chance chance)
    {
        var history = HistoryGenerator.Next(chance, Dense);
        var order = history.Reorder(chance);
        var model = SlowModel.Fold(order.Select(c => c.Change));
        var view = Apply(history, order, chance);
        foreach (var (target, expected) in model.Elements)
        {
            var found = view.Elements[target];

            Assert.Equal(expected.IsAlive, found.IsAlive);
            if (expected.IsAlive)
            {
                Assert.Equal(expected.Type.Shown?.AsString() ?? "", found.ShownType(view));
                Assert.Equal(expected.Fields.Where(f => f.Value.Shown is not null).Select(f => (f.Key, f.Value.Shown!.Value)),
                    found.ShownFields(view).Select(f => (f.Key, f.Value)));
                Assert.All(expected.Fields, f => Assert.Equal(f.Value.Conflicts.Count, found.Fields[f.Key].Conflicts(view).Count()));
            }
        }
    }

    private static bool IsRight(Shortcut shortcut, Chance chance)
    {
        var history = HistoryGenerator.Next(chance, Dense);
        var model = SlowModel.Fold(history.Reorder(chance).Select(c => c.Change));
        return model.Elements.Where(pair => pair.Key is Target.Node).All(pair =>
            ShortcutElement.Fold(shortcut, model.OperationsOn(pair.Key)).Show() == Show(pair.Value));
    }

    private static string Show(ModelElement element)
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
