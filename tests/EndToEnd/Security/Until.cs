using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>Asks again until the answer is the one that is due, or the time is over.</summary>
internal static class Until
{
    /// <summary>The first answer that is due; the last one in the message if none was.</summary>
    public static async Task<string> TrueAsync(Func<Task<string>> ask, Func<string, bool> isDue)
    {
        var end = DateTime.UtcNow + ReplicaProcess.Limit;
        while (true)
        {
            var answer = await ask();
            if (isDue(answer))
            {
                return answer;
            }

            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"The answer that was due never came; the last one: {answer}");
            }
        }
    }
}
