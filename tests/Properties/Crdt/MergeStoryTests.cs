using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Xunit;

namespace Replica.Tests.Properties.Crdt;

/// <summary>The counterexamples of the page on merging and the rules of each kind of field, one story each.</summary>
public sealed class MergeStoryTests
{
    private static readonly Operation Create = new Operation.Create();
    private static readonly Operation Delete = new Operation.Delete();
    private static readonly Operation Remove = new Operation.RemoveField("f");

    [Fact]
    public void An_earlier_delete_still_counts_when_a_later_one_is_contested() => new Story()
        .By('a', Set(1)).By('a', Delete).Hears('b', 'a').By('a', Delete).By('b', Create).Shows("{}");

    [Fact]
    public void A_write_that_a_delete_has_not_seen_keeps_the_whole_node() => new Story()
        .By('a', Set(1)).Hears('b', 'a').By('a', Delete).By('b', Create).Shows("{\"f\":1}");

    [Fact]
    public void An_erased_write_still_contests_a_delete_that_has_not_seen_it() => new Story()
        .By('a', Set(1)).Hears('b', 'a').Hears('c', 'a').By('a', Create).By('a', Delete).By('b', Delete).By('c', Create).Hears('c', 'b')
        .By('c', Set(2)).Shows("{\"f\":2}");

    [Fact]
    public void A_removal_neither_contests_a_delete_nor_keeps_a_node() => new Story()
        .By('a', Set(1), Add(1)).Hears('b', 'a').By('a', Delete).By('b', Remove).By('b', TakeOut(1)).Shows(null);

    [Fact]
    public void A_removed_field_stays_removed_against_what_the_removal_has_seen() => new Story()
        .By('a', Set(1)).Hears('b', 'a').By('b', Remove).Hears('c', 'a').By('c', Create).Shows("{}");

    [Fact]
    public void Concurrent_values_of_a_register_are_conflicts_until_a_later_write() => new Story()
        .By('a', Set(1)).By('b', Set(2)).By('c', Remove).Shows("{}", conflicts: 2);

    [Fact]
    public void Concurrent_adds_to_one_set_all_count()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.Hears('b', 'a').Hears('c', 'a').By('a', Plus(1, five)).By('b', Plus(2, five)).By('c', Plus(-3, five), Plus(10, five)).Shows("{\"f\":15}");
    }

    [Fact]
    public void Adds_before_any_set_count_together_until_one_is_known() => new Story()
        .By('a', Plus(1)).By('b', Plus(2)).Shows("{\"f\":3}");

    [Fact]
    public void A_set_takes_the_place_of_adds_that_it_has_not_seen()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.Hears('b', 'a').By('b', Plus(2, five)).By('a', new Operation.SetCounter("f", 100)).Shows("{\"f\":100}");
    }

    [Fact]
    public void Of_concurrent_sets_the_last_shows_with_what_was_added_to_it()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.By('a', Plus(1, five)).By('b', new Operation.SetCounter("f", 100));
        story.By('b', Plus(2, story.Last())).Shows("{\"f\":102}", conflicts: 1);
    }

    [Fact]
    public void An_add_contests_a_delete_and_the_counter_stays_whole()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.Hears('b', 'a').By('a', Delete).By('b', Plus(2, five)).Shows("{\"f\":7}");
    }

    [Fact]
    public void After_an_effective_delete_an_add_names_the_erased_set_and_counts_from_nothing()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.Hears('b', 'a').By('a', Plus(1, five)).By('a', Delete).By('a', Plus(2, five)).Shows("{\"f\":2}");
    }

    [Fact]
    public void Counters_wrap_around()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", long.MaxValue));
        story.By('a', Plus(1, story.Last())).Shows("{\"f\":-9223372036854775808}");
    }

    [Fact]
    public void An_add_that_names_what_its_author_has_not_seen_counts_nowhere()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        story.By('b', Plus(2, story.Last())).Shows("{\"f\":5}");
    }

    [Fact]
    public void A_removal_takes_the_place_of_the_sets_it_has_seen_with_what_is_added_to_them()
    {
        var story = new Story().By('a', new Operation.SetCounter("f", 5));
        var five = story.Last();
        story.Hears('b', 'a').By('a', Remove).By('b', Plus(2, five)).Shows("{}");
    }

    [Fact]
    public void A_removal_by_one_who_knew_of_no_counter_leaves_it() => new Story()
        .By('a', Remove).By('b', Plus(2)).Shows("{\"f\":2}");

    [Fact]
    public void A_value_added_again_survives_a_removal_that_has_not_seen_it() => new Story()
        .By('a', Add(1), Add(2)).Hears('b', 'a').By('a', Add(1)).By('b', TakeOut(1), TakeOut(2)).Shows("{\"f\":{\"$set\":[1]}}");

    [Fact]
    public void Of_two_kinds_under_one_name_the_last_written_shows() => new Story()
        .By('a', Add(1)).By('b', Plus(2)).Hears('c', 'a').By('c', Set(3)).Shows("{\"f\":3}", conflicts: 2);

    [Fact]
    public void A_removal_covers_every_kind_that_it_has_seen() => new Story()
        .By('a', Add(1)).By('b', Plus(2)).Hears('c', 'a').Hears('c', 'b').By('c', Set(3)).By('c', Remove).Shows("{}");

    private static Operation.SetField Set(long value) => new("f", Value.From(value));

    private static Operation.AddCounter Plus(long delta, OperationPlace? @base = null) => new("f", delta, @base);

    private static Operation.AddToSet Add(long value) => new("f", Value.From(value));

    private static Operation.RemoveFromSet TakeOut(long value) => new("f", Value.From(value));
}
