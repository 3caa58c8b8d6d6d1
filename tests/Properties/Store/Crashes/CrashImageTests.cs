using Replica.Peer.Store;
using Replica.Testing;
using Replica.Tests.Properties.Store.Disks;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>
/// Every place at which a story of a space can be cut off. <c>REPLICA_CRASH_IMAGES</c> sets how many images are tried,
/// <c>REPLICA_SEED</c> repeats one story.
/// </summary>
public sealed class CrashImageTests(ITestOutputHelper output)
{
    private const int Steps = 20;
    private const int ImagesDefault = 600;
    private const int SecondImagesDefault = 200;

    [Fact]
    public Task F4_a_process_killed_at_any_disk_operation_leaves_all_that_was_acknowledged() => ForImagesAsync(
        ImagesDefault,
        static cut => cut.AfterKill(),
        static (moment, _) => moment.Acknowledged);

    [Fact]
    public Task F5_a_power_cut_at_any_disk_operation_leaves_all_that_was_acknowledged_or_announced() => ForImagesAsync(
        ImagesDefault,
        static cut => cut.AfterPowerCut(),
        static (moment, durability) => durability == Durability.Full ? moment.Acknowledged : moment.Announced);

    [Fact]
    public async Task F5_a_second_crash_while_the_first_is_made_good_takes_nothing_away()
    {
        var seed = FirstSeed();
        var images = Images(SecondImagesDefault);
        for (var done = 0; done < images; seed++)
        {
            var chance = new Chance(seed);
            await using var story = new CrashStory(chance, Durability.Full);
            await story.PlayAsync(Steps);
            var first = new PowerCut(chance);
            var at = chance.Between(story.Disk.Operations.Count / 4, story.Disk.Operations.Count);
            story.Disk.Operations.Take(at).ToList().ForEach(first.Follow);
            var due = story.Moments.Last(moment => moment.Operations <= at).Acknowledged;
            var files = first.AfterPowerCut();
            using var disk = new SimulatedDisk(files);
            await story.RecoverAsync(disk);

            // Everything that the recovery asked of the disk, cut off at each place.
            var second = new PowerCut(chance, files);
            foreach (var operation in disk.Operations)
            {
                try
                {
                    _ = await CrashCheck.CheckAsync(second.AfterPowerCut(), story, due, goesOn: done % 8 == 0);
                    _ = await CrashCheck.CheckAsync(second.AfterKill(), story, due, goesOn: false);
                }
                catch (Exception fault)
                {
                    Assert.Fail($"Seed {seed}, cut after {at} operations, then before {operation}: replay with REPLICA_SEED={seed}.\n{fault}");
                }

                second.Follow(operation);
                done += 2;
            }
        }
    }

    private async Task ForImagesAsync(
        int imagesDefault,
        Func<PowerCut, Dictionary<string, byte[]>> image,
        Func<CrashMoment, Durability, long> promised)
    {
        var images = Images(imagesDefault);
        var seed = FirstSeed();
        var done = 0;
        var lost = 0;
        for (; done < images; seed++)
        {
            var chance = new Chance(seed);
            var durability = chance.Below(3) == 0 ? Durability.Relaxed : Durability.Full;
            await using var story = new CrashStory(chance, durability);
            await story.PlayAsync(Steps);
            var cut = new PowerCut(chance);
            var moment = 0;
            for (var at = 0; at <= story.Disk.Operations.Count && done < images; at++)
            {
                while (moment + 1 < story.Moments.Count && story.Moments[moment + 1].Operations <= at)
                {
                    moment++;
                }

                try
                {
                    var due = promised(story.Moments[moment], durability);
                    lost += await CrashCheck.CheckAsync(image(cut), story, due, goesOn: done % 8 == 0) < story.Moments[moment].Acknowledged ? 1 : 0;
                }
                catch (Exception fault)
                {
                    Assert.Fail($"Seed {seed}, {durability}, cut after {at} disk operations, the last being "
                        + $"{(at > 0 ? story.Disk.Operations[at - 1] : null)}: replay with REPLICA_SEED={seed}.\n{fault}");
                }

                done++;
                if (at < story.Disk.Operations.Count)
                {
                    cut.Follow(story.Disk.Operations[at]);
                }
            }
        }

        output.WriteLine($"{done} images, {lost} of which lack what was acknowledged and not announced");
    }

    private static int Images(int imagesDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CRASH_IMAGES"), out var asked) ? asked : imagesDefault;

    private ulong FirstSeed()
    {
        var only = Environment.GetEnvironmentVariable("REPLICA_SEED");
        var seed = only is null ? (ulong)Environment.TickCount64 * 1_000_003 : ulong.Parse(only);
        output.WriteLine($"first seed {seed}");
        return seed;
    }
}
