using System.Diagnostics;
using System.Globalization;
using Replica.Testing.World;

namespace Replica.Tests.Simulation;

/// <summary>Runs histories seed by seed. The last line is always the sum.</summary>
internal sealed class Runner(Options options, TextWriter output)
{
    private const string SeedsFile = "Seeds.txt";
    private const int ProgressEvery = 1_000;
    private const int StoriesMax = 3;
    private const int StoryLinesMax = 400;
    private int _passed;
    private int _failed;
    private long _writes;

    /// <returns>0 if all passed, else 1.</returns>
    public int Run()
    {
        var clock = Stopwatch.StartNew();
        if (options.OnlySeed is { } only)
        {
            One(only);
        }
        else
        {
            foreach (var seed in KeptSeeds())
            {
                One(seed);
            }

            output.WriteLine($"histories from seed {options.From} to {options.From + (ulong)options.Histories - 1}, after {_passed + _failed} kept ones");
            for (var i = 0; i < options.Histories; i++)
            {
                One(options.From + (ulong)i);
                if ((i + 1) % ProgressEvery == 0)
                {
                    output.WriteLine($"{i + 1} histories, {(_passed + _failed) / clock.Elapsed.TotalSeconds:f0} a second, {_failed} failed");
                }
            }
        }

        output.WriteLine($"{(_passed + _failed) / clock.Elapsed.TotalSeconds:f0} histories a second, {_writes} writes in all");
        output.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    private void One(ulong seed)
    {
        if (Try(seed, int.MaxValue, null, out var writes) is not { } fault)
        {
            _passed++;
            _writes += writes;
            return;
        }

        _failed++;
        output.WriteLine($"FAILED seed {seed}: {fault.Message}");
        output.WriteLine($"  replay: dotnet run -c Release --project tests/Simulation -- --seed {seed}");
        output.WriteLine($"  keep it: add the line '{seed}' with a word about its cause to tests/Simulation/{SeedsFile}");
        if (_failed <= StoriesMax)
        {
            Tell(seed, writes);
        }
    }

    /// <summary>Finds the fewest writes with which the seed still fails, and tells that story.</summary>
    private void Tell(ulong seed, int writes)
    {
        var fewest = 0;
        while (fewest < writes && Try(seed, fewest, null, out _) is null)
        {
            fewest++;
        }

        var story = new List<string>();
        var fault = Try(seed, fewest, story.Add, out _);
        output.WriteLine($"  with its first {fewest} of {writes} writes:");
        foreach (var line in story.TakeLast(StoryLinesMax))
        {
            output.WriteLine("    " + line);
        }

        output.WriteLine("  " + (fault?.ToString() ?? "It does not fail when told: something in it is not deterministic."));
    }

    private static Exception? Try(ulong seed, int writesMax, Action<string>? trace, out int writes)
    {
        var world = new SimulatedWorld(seed, writesMax, trace);
        try
        {
            world.Run();
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
        finally
        {
            writes = world.Writes;
        }
    }

    private static IEnumerable<ulong> KeptSeeds() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, SeedsFile))
        .Select(static line => line.Split('#')[0].Trim())
        .Where(static line => line.Length > 0)
        .Select(static line => ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
}
