using Replica.Testing.World;

namespace Replica.Tests.Simulation;

/// <summary>What to simulate.</summary>
/// <param name="Histories">How many histories on fresh seeds, after the kept ones.</param>
/// <param name="From">The first fresh seed.</param>
/// <param name="OnlySeed">Run this seed and nothing else.</param>
/// <param name="Plan">Which faults there are.</param>
/// <param name="Threads">How many histories run at once; each is on one thread.</param>
/// <param name="IsTold">Whether the story is told though nothing fails.</param>
/// <param name="UntilFailure">Whether to end at the first failure.</param>
internal sealed record Options(
    int Histories, ulong From, ulong? OnlySeed, SimulationPlan Plan, int Threads, bool IsTold, bool UntilFailure)
{
    private const int HistoriesDefault = 2_000;

    /// <summary>Distance between the fresh seeds of runs that start in successive milliseconds.</summary>
    private const ulong SeedStride = 1_000_003;

    public static bool TryParse(string[] args, out Options options)
    {
        var fresh = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * SeedStride;
        options = new(HistoriesDefault, fresh, null, SimulationPlan.All, Environment.ProcessorCount, false, false);
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name == "--story")
            {
                options = options with { IsTold = true };
                continue;
            }

            if (name == "--until-failure")
            {
                options = options with { UntilFailure = true };
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : "";
            if (name == "--plan" && SimulationPlan.Find(value) is { } plan)
            {
                options = options with { Plan = plan };
                continue;
            }

            if (!ulong.TryParse(value, out var number))
            {
                return false;
            }

            switch (name)
            {
                case "--histories" when number <= int.MaxValue:
                    options = options with { Histories = (int)number };
                    break;
                case "--from":
                    options = options with { From = number };
                    break;
                case "--seed":
                    options = options with { OnlySeed = number };
                    break;
                case "--threads" when number is > 0 and <= 1024:
                    options = options with { Threads = (int)number };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    public static int Explain(TextWriter output)
    {
        output.WriteLine("--histories N   simulate the kept seeds, then N fresh ones");
        output.WriteLine("--from S        the first fresh seed; without it, one from the clock");
        output.WriteLine("--seed S        only this seed; a failure tells its story");
        output.WriteLine("--story         tell the story of --seed though nothing fails");
        output.WriteLine($"--plan NAME     which faults: {string.Join(", ", SimulationPlan.Known.Select(static plan => plan.Name))}");
        output.WriteLine("--until-failure end at the first failure, and say after how many histories");
        output.WriteLine("--threads N     how many histories run at once; without it, one for each processor");
        return 2;
    }
}
