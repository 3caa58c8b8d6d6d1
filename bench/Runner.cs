using System.Diagnostics;

namespace Replica.Bench;

/// <summary>Runs a row: one warm-up for each contender, then rounds in which each has its turn.</summary>
/// <param name="root">Folder under which each run gets a fresh one.</param>
/// <param name="rounds">How many measured runs each contender has.</param>
internal sealed class Runner(string root, int rounds)
{
    /// <summary>A run that takes longer is given up, and the benchmark with it.</summary>
    private static readonly TimeSpan s_runLimit = TimeSpan.FromMinutes(10);

    /// <summary>Runs all rounds of a row.</summary>
    /// <exception cref="InvalidOperationException">A contender did other work than the row asks for.</exception>
    public async Task<Result> RunAsync(IRow row)
    {
        var contenders = row.Contenders;
        var runs = contenders.Select(_ => new List<Measurement>(rounds)).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var index = 0; index < contenders.Count; index++)
            {
                var measured = await MeasureAsync(row, contenders[index].Name, contenders[index].Make());
                // Round 0 compiles the code and fills the caches of the disk.
                if (round > 0)
                {
                    runs[index].Add(measured);
                }
            }
        }

        return new Result(row.Name, row.Title, row.Units, [.. contenders.Select((contender, index) => new ContenderResult(
            contender.Name, runs[index], [.. runs[index].Zip(runs[0], (own, first) => own.Seconds / first.Seconds)]))]);
    }

    private async Task<Measurement> MeasureAsync(IRow row, string name, Contender contender)
    {
        using var limit = new CancellationTokenSource(s_runLimit);
        var folder = Directory.CreateDirectory(Path.Combine(root, Path.GetRandomFileName())).FullName;
        try
        {
            TimeSpan elapsed;
            long allocated;
            long? peak;
            string? note;
            await using (contender)
            {
                await contender.PrepareAsync(folder, limit.Token);
                // What the last run left for the collector is not this run's to pay.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                PeakMemory.Reset();
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var begun = Stopwatch.GetTimestamp();
                var done = await contender.RunAsync(folder, limit.Token);
                elapsed = Stopwatch.GetElapsedTime(begun);
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                peak = PeakMemory.Read();
                if (done != row.Units)
                {
                    throw new InvalidOperationException($"{row.Name}: {name} did {done} units of work, {row.Units} were due: its time means nothing.");
                }

                note = await contender.CheckAsync(limit.Token);
            }

            var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            return new Measurement(elapsed.TotalSeconds, allocated, peak, files) { Note = note };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
