using Replica.Peer.Store;
using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>
/// A disk that fails at one operation after another: what fails says so, what was promised stays, reads go on, and writes do
/// once the disk works again. <c>REPLICA_CRASH_POINTS</c> sets how many points are tried.
/// </summary>
public sealed class DiskFaultTests(ITestOutputHelper output)
{
    private const int Steps = 12;
    private const int PointsDefault = 60;
    private const int ImagesAtPoint = 4;

    [Fact]
    public async Task F6_after_a_fault_at_any_disk_operation_nothing_promised_is_lost_and_writing_goes_on()
    {
        var points = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CRASH_POINTS"), out var asked) ? asked : PointsDefault;
        var only = Environment.GetEnvironmentVariable("REPLICA_SEED");
        var seed = only is null ? (ulong)Environment.TickCount64 * 1_000_003 : ulong.Parse(only);
        output.WriteLine($"first seed {seed}");
        var told = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var done = 0; done < points; done++, seed++)
        {
            try
            {
                await TryAsync(new Chance(seed), told);
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}: replay with REPLICA_SEED={seed} REPLICA_CRASH_POINTS=1.\n{fault}");
            }
        }

        output.WriteLine($"{points} points; told: {string.Join(", ", told.Select(static pair => $"{pair.Key} {pair.Value} times"))}");
        if (only is null)
        {
            Assert.Contains("REPLICA_DISK_FULL", told.Keys);
            Assert.Contains("REPLICA_OUTCOME_UNKNOWN", told.Keys);
        }
    }

    private static async Task TryAsync(Chance chance, SortedDictionary<string, int> told)
    {
        var durability = chance.Below(3) == 0 ? Durability.Relaxed : Durability.Full;
        await using var story = new CrashStory(chance, durability);
        await story.PlayAsync(Steps / 2, isClosed: false);
        var store = story.Store;
        var plan = new FaultPlan(chance, story.Disk);
        for (var step = 0; step < Steps; step++)
        {
            if (await FailureAsync(story.StepAsync(store)) is { } fault)
            {
                told[fault.Code] = told.GetValueOrDefault(fault.Code) + 1;
                Assert.Contains(fault.Fault, plan.Allowed);
                AssertReads(story, store);
            }

            // What came of it must be known before more is written: a crash may leave it as the last.
            _ = await FailureAsync(story.NoteAsync());
        }

        plan.End();
        await story.UntilItWorksAsync(store);
        var from = story.Disk.Operations.Count;
        for (var step = 0; step < Steps / 2; step++)
        {
            await story.StepAsync(store);
            await story.NoteAsync();
        }

        await store.DisposeAsync();
        await CheckImagesAsync(chance, story, from, durability);
    }

    private static async Task<StoreException?> FailureAsync(Task work)
    {
        try
        {
            await work;
            return null;
        }
        catch (StoreException fault)
        {
            return fault;
        }
    }

    private static void AssertReads(CrashStory story, SpaceStore store)
    {
        // Whatever the writer suffers, readers see a state that was committed.
        using var reader = store.OpenReader();
        Assert.InRange(reader.Count().Changes, story.Moments[^1].Announced, long.MaxValue);
        _ = reader.ReadNodes(null, null).Count();
    }

    private static async Task CheckImagesAsync(Chance chance, CrashStory story, int from, Durability durability)
    {
        var operations = story.Disk.Operations;
        var chosen = Enumerable.Range(0, ImagesAtPoint).Select(_ => chance.Between(from, operations.Count)).ToHashSet();
        var cut = new PowerCut(chance);
        for (var at = 0; at <= operations.Count; at++)
        {
            if (chosen.Contains(at))
            {
                var moment = story.Moments.Last(moment => moment.Operations <= at);
                var due = durability == Durability.Full ? moment.Acknowledged : moment.Announced;
                _ = await CrashCheck.CheckAsync(cut.AfterPowerCut(), story, due, goesOn: true);
                _ = await CrashCheck.CheckAsync(cut.AfterKill(), story, moment.Acknowledged, goesOn: false);
            }

            if (at < operations.Count)
            {
                cut.Follow(operations[at]);
            }
        }
    }
}
