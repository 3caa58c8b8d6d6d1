using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Integrity;

/// <summary>Waits for what two daemons bring about, up to a limit.</summary>
internal static class Eventually
{
    /// <summary>Repeats a command until it succeeds.</summary>
    public static async Task DoAsync(TemporaryHome home, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        Outcome outcome;
        do
        {
            outcome = await home.RunAsync(arguments);
        }
        while (outcome.Code != 0 && clock.Elapsed < ReplicaProcess.Limit);

        Assert.True(outcome.Code == 0, outcome.Error);
    }

    /// <summary>Waits until both show the same, and in it all of these texts.</summary>
    public static async Task EqualAsync(TemporaryHome a, TemporaryHome b, params string[] due)
    {
        var clock = Stopwatch.StartNew();
        string left, right;
        do
        {
            (left, right) = (await a.DoAsync("state"), await b.DoAsync("state"));
        }
        while ((left != right || !Array.TrueForAll(due, left.Contains)) && clock.Elapsed < ReplicaProcess.Limit);

        Assert.All(due, text => Assert.Contains(text, left));
        Assert.Equal(left, right);
    }
}
