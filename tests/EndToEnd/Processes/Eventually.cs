using System.Diagnostics;
using Xunit;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>Waits for what must come true within <see cref="ReplicaProcess.Limit"/>, by asking again and again.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer is the one that is due.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static async Task<string> TrueAsync(Func<Task<string>> ask, Predicate<string> isDue)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (isDue(answer))
            {
                return answer;
            }

            if (clock.Elapsed > ReplicaProcess.Limit)
            {
                throw new TimeoutException($"The answer that was due never came; the last one: {answer}");
            }
        }
    }

    /// <summary>Waits until a text holds another.</summary>
    public static Task SaysAsync(Func<Task<string>> ask, string text) =>
        TrueAsync(ask, answer => answer.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until a node shows a text.</summary>
    public static Task HoldsAsync(TemporaryHome home, string node, string text) =>
        SaysAsync(async () => (await home.RunAsync("get", node)).Output, text);

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
