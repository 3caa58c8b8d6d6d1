using Xunit;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>What of a page may differ from run to run, and what may not.</summary>
public sealed class ShownOutputTests
{
    [Theory]
    [InlineData("change 8e240eae:2, 2 operations", "change ccdbabac:2, 2 operations", true)]
    [InlineData("change 8e240eae:2, 2 operations", "change 20251103:2, 2 operations", true)]
    [InlineData("change 8e240eae:2, 2 operations", "change 8e240eae:2, 3 operations", false)]
    [InlineData("4096 nodes", "4097 nodes", false)]
    [InlineData("after 12 ms", "after 7 ms", true)]
    [InlineData("after …", "before 7 ms", false)]
    public void Ids_and_times_differ_and_numbers_and_words_do_not(string shown, string printed, bool matches) =>
        Assert.Equal(matches, ShownOutput.Matches([shown], [printed]));
}
