using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Sync;

/// <summary>Waits for what commands show, each look being a process of its own.</summary>
internal static class Waiting
{
    /// <summary>Asks until the answer is as wished.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static async Task<string> UntilAsync(Func<Task<string>> ask, Predicate<string> isTrue)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (isTrue(answer))
            {
                return answer;
            }

            if (clock.Elapsed > ReplicaProcess.Limit)
            {
                throw new TimeoutException("It never came to that: " + answer);
            }
        }
    }
}
