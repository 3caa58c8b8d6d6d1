using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Testing.Laws;
using Replica.Tests.Properties.Crdt;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Laws;

/// <summary>The suite that applications run on their types, run on ours; and that it finds what is wrong.</summary>
public sealed class LawSuiteTests(ITestOutputHelper output)
{
    private static readonly LawOptions s_thorough = new() { Cases = 400, Seed = 1_000 };

    [Fact]
    public void An_element_keeps_every_law() => LawSuite.Check<Element, Operation>(new ElementType(), s_thorough);

    [Fact]
    public void A_version_vector_keeps_every_law() => LawSuite.Check(new VectorType(), s_thorough);

    [Fact]
    public void The_tree_keeps_every_law() => LawSuite.Check(new TreeType(), s_thorough);

    [Fact]
    public void Types_that_are_right_pass()
    {
        LawSuite.Check(new SampleRegister(isRight: true), s_thorough);
        LawSuite.Check(new SampleCounter.Plain(), s_thorough);
    }

    [Fact]
    public void A_wrong_type_fails_with_a_story_that_a_person_can_follow()
    {
        var broken = Assert.Throws<LawBrokenException>(() => LawSuite.Check(new SampleRegister(isRight: false), new()));
        output.WriteLine(broken.Message);

        // Two writes that know nothing of each other, and nothing else.
        Assert.Equal(LawFault.SameInEveryOrder, broken.Law);
        Assert.Matches(@"\A  r(\d):1 at \d+\+0: \d+\n  r(?!\1)\d:1 at \d+\+0: \d+\z", broken.Story);
        Assert.Contains("in the order", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seed_in_the_message_shows_the_fault_again()
    {
        var first = Assert.Throws<LawBrokenException>(() => LawSuite.Check(new SampleRegister(isRight: false), new() { Seed = 77 }));

        var again = Assert.Throws<LawBrokenException>(
            () => LawSuite.Check(new SampleRegister(isRight: false), new() { Seed = first.Seed, Cases = 1 }));

        Assert.Equal(first.Message, again.Message);
    }

    [Fact]
    public void An_element_that_forgets_at_a_delete_is_found_out()
    {
        var broken = Assert.Throws<LawBrokenException>(() => LawSuite.Check<Element, Operation>(new ForgetfulElementType(), s_thorough));
        output.WriteLine(broken.Message);

        Assert.InRange(broken.Story.Split('\n').Length, 2, 4);
    }

    [Fact]
    public void The_incremental_form_in_its_own_words_keeps_every_law() => LawSuite.Check(new ShortcutType(Shortcut.None), s_thorough);

    [Theory]
    [InlineData(Shortcut.OnlyLatestDelete)]
    [InlineData(Shortcut.OnlyVisibleWrites)]
    [InlineData(Shortcut.RemovalsPruneWrites)]
    [InlineData(Shortcut.ForgetDeletesAtRecreation)]
    [InlineData(Shortcut.DropHiddenAtRecreation)]
    [InlineData(Shortcut.NoTombstoneForFields)]
    public void Each_tempting_shortcut_breaks_a_law_with_a_short_story(Shortcut shortcut)
    {
        var broken = Assert.Throws<LawBrokenException>(() => LawSuite.Check(new ShortcutType(shortcut), new() { Cases = 20_000 }));
        output.WriteLine(broken.Message);

        Assert.InRange(broken.Story.Split('\n').Length, 2, 9);
    }

    public static TheoryData<string> Faulty => new(
        nameof(SampleCounter.Repeated), nameof(SampleCounter.Added), nameof(SampleCounter.Greatest), nameof(SampleCounter.First),
        nameof(SampleCounter.Subtracted),
        nameof(SampleCounter.Cut), nameof(SampleCounter.Rounded), nameof(SampleCounter.Modelled), nameof(SampleCounter.Throwing));

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Each_law_can_be_broken(string name)
    {
        var (type, law) = name switch
        {
            nameof(SampleCounter.Repeated) => (new SampleCounter.Repeated(), LawFault.SameInEveryOrder),
            nameof(SampleCounter.Added) => (new SampleCounter.Added(), LawFault.MergeRepeats),
            nameof(SampleCounter.Greatest) => (new SampleCounter.Greatest(), LawFault.DeltaIsState),
            nameof(SampleCounter.First) => (new SampleCounter.First(), LawFault.MergeCommutes),
            nameof(SampleCounter.Subtracted) => (new SampleCounter.Subtracted(), LawFault.MergeAssociates),
            nameof(SampleCounter.Cut) => (new SampleCounter.Cut(), LawFault.StateReadsBack),
            nameof(SampleCounter.Rounded) => (new SampleCounter.Rounded(), LawFault.OperationReadsBack),
            nameof(SampleCounter.Modelled) => (new SampleCounter.Modelled(), LawFault.SameAsModel),
            _ => ((SampleCounter)new SampleCounter.Throwing(), LawFault.NothingThrows),
        };

        var broken = Assert.Throws<LawBrokenException>(() => LawSuite.Check(type, s_thorough));
        output.WriteLine(broken.Message);

        Assert.Equal(law, broken.Law);
    }
}
