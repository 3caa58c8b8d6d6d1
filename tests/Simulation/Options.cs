namespace Replica.Tests.Simulation;

/// <summary>What to simulate.</summary>
/// <param name="Histories">How many histories on fresh seeds, after the kept ones.</param>
/// <param name="From">The first fresh seed.</param>
/// <param name="OnlySeed">Run this seed and nothing else.</param>
internal sealed record Options(int Histories, ulong From, ulong? OnlySeed)
{
    private const int HistoriesDefault = 200;

    /// <summary>Distance between the fresh seeds of runs that start in successive milliseconds.</summary>
    private const ulong SeedStride = 1_000_003;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new(HistoriesDefault, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * SeedStride, null);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (!ulong.TryParse(args[i + 1], out var number))
            {
                return false;
            }

            switch (args[i])
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
                default:
                    return false;
            }
        }

        return args.Length % 2 == 0;
    }

    public static int Explain(TextWriter output)
    {
        output.WriteLine("--histories N   simulate the kept seeds, then N fresh ones");
        output.WriteLine("--from S        the first fresh seed; without it, one from the clock");
        output.WriteLine("--seed S        only this seed; a failure tells its story");
        return 2;
    }
}
