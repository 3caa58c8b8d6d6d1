using System.Diagnostics;
using System.Globalization;
using Replica.Testing.World;

namespace Replica.Tests.Simulation;

/// <summary>Runs histories seed by seed, several at once. The last line is always the sum.</summary>
internal sealed class Runner(Options options, TextWriter output)
{
    private const string SeedsFile = "Seeds.txt";
    private const int ProgressEvery = 5_000;
    private const int FailuresMax = 20;
    private const int StoriesMax = 3;
    private const int StoryLinesMax = 400;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly FaultCounts _faults = new();
    private readonly long[] _histories = new long[Enum.GetValues<SimulationFault>().Length];
    private int _passed;
    private int _failed;
    private long _changes;

    /// <returns>0 if all passed, else 1.</returns>
    public int Run()
    {
        if (options.OnlySeed is { } only)
        {
            One(only, options.Plan);
        }
        else
        {
            var kept = KeptSeeds().ToList();
            output.WriteLine($"plan {options.Plan.Name}: histories from seed {options.From} to "
                + $"{options.From + (ulong)options.Histories - 1}, after {kept.Count} kept ones, {options.Threads} at once");
            Many(kept);
        }

        Sum();
        output.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    private void Many(List<(ulong Seed, SimulationPlan Plan)> kept)
    {
        var next = -1;
        var threads = Enumerable.Range(0, options.Threads).Select(_ => new Thread(() =>
        {
            for (var at = Interlocked.Increment(ref next); at < kept.Count + options.Histories; at = Interlocked.Increment(ref next))
            {
                if (options.UntilFailure && Volatile.Read(ref _failed) > 0)
                {
                    break;
                }

                var (seed, plan) = at < kept.Count ? kept[at] : (options.From + (ulong)(at - kept.Count), options.Plan);
                One(seed, plan);
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
    }

    private void One(ulong seed, SimulationPlan plan)
    {
        var simulation = new SimulationOptions { Plan = plan };
        var story = options.IsTold ? new List<string>() : null;
        var result = Simulator.Run(seed, simulation with { Trace = story is null ? null : story.Add });
        lock (_gate)
        {
            story?.ForEach(output.WriteLine);
            _changes += result.Changes;
            _faults.Add(result.Faults);
            foreach (var fault in Enum.GetValues<SimulationFault>())
            {
                _histories[(int)fault] += result.Faults[fault] > 0 ? 1 : 0;
            }

            if (result.Failure is { } failure)
            {
                Tell(seed, simulation, failure);
            }
            else
            {
                _passed++;
            }

            if ((_passed + _failed) % ProgressEvery == 0)
            {
                output.WriteLine($"{_passed + _failed} histories, {PerSecond:f0} a second, {_failed} failed");
            }
        }
    }

    private double PerSecond => (_passed + _failed) / _clock.Elapsed.TotalSeconds;

    private void Tell(ulong seed, SimulationOptions simulation, SimulationException failure)
    {
        _failed++;
        if (options.UntilFailure)
        {
            output.WriteLine($"FAILED seed {seed}: {failure.Message}");
            output.WriteLine($"ended after {_passed + _failed} histories");
            return;
        }

        if (_failed > FailuresMax)
        {
            return;
        }

        var plan = simulation.Plan == SimulationPlan.All ? "" : $" --plan {simulation.Plan.Name}";
        output.WriteLine($"FAILED seed {seed}: {failure.Message}");
        output.WriteLine($"  replay: dotnet run -c Release --project tests/Simulation -- --seed {seed}{plan}");
        output.WriteLine($"  keep it: add the line '{seed}' with a word about its cause to tests/Simulation/{SeedsFile}");
        if (_failed > StoriesMax)
        {
            return;
        }

        if (Simulator.Shrink(seed, simulation) is not { } story)
        {
            output.WriteLine("  It does not fail when told: something in it is not deterministic.");
            return;
        }

        output.WriteLine($"  with {story.Steps.Count} steps:");
        foreach (var line in story.Lines.TakeLast(StoryLinesMax))
        {
            output.WriteLine("    " + line);
        }

        output.WriteLine("  " + story.Failure);
    }

    private void Sum()
    {
        output.WriteLine("fault          histories   injected");
        foreach (var fault in Enum.GetValues<SimulationFault>())
        {
            output.WriteLine($"{fault,-14} {_histories[(int)fault],9} {_faults[fault],10}");
        }

        output.WriteLine($"connection managers in {_faults.Links.Histories} histories: {_faults.Links.Sessions} sessions, "
            + $"{_faults.Links.FailedDials} dials failed, {_faults.Links.Duplicates} duplicates closed, {_faults.Links.HalfOpen} half open, "
            + $"{_faults.Links.KeptAway} times kept away");
        output.WriteLine($"{PerSecond:f0} histories a second, {_changes} changes in all");
    }

    private static IEnumerable<(ulong Seed, SimulationPlan Plan)> KeptSeeds() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, SeedsFile))
        .Select(static line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static words => words.Length > 0)
        .Select(static words => (
            ulong.Parse(words[0], CultureInfo.InvariantCulture),
            words.Length == 1 ? SimulationPlan.All : SimulationPlan.Find(words[1])
                ?? throw new InvalidDataException($"{SeedsFile} names a plan that there is not: {words[1]}")));
}
