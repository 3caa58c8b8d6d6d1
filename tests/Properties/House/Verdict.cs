using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>How a house test fails: all faults at once, and the rule they break.</summary>
internal static class Verdict
{
    private const int FaultsShownMax = 40;

    /// <summary>Fails with the faults listed, if there are any.</summary>
    /// <param name="faults">One sentence each, with the place in front.</param>
    /// <param name="rule">What was allowed, for the message's first line.</param>
    public static void None(IEnumerable<string> faults, string rule)
    {
        var found = faults.Distinct().ToArray();
        if (found.Length > 0)
        {
            Assert.Fail($"{found.Length} against the rule: {rule}.\n  " + string.Join("\n  ", found.Take(FaultsShownMax)));
        }
    }
}
