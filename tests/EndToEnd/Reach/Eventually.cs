using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Waits for what must come true before a deadline, by asking again and again.</summary>
internal static class Eventually
{
    /// <summary>Waits until a node shows a text.</summary>
    public static Task HoldsAsync(TemporaryHome home, string node, string text) =>
        SaysAsync(async () => (await home.RunAsync("get", node)).Output, text);

    /// <summary>Waits until a text holds another.</summary>
    public static async Task SaysAsync(Func<Task<string>> ask, string text)
    {
        var clock = Stopwatch.StartNew();
        string said;
        do
        {
            said = await ask();
            if (said.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }
        while (clock.Elapsed < ReplicaProcess.Limit);

        throw new TimeoutException($"'{text}' was never said; the last answer was: {said}");
    }
}
