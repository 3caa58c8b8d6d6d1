using Replica.Testing.World;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Simulated;

/// <summary>A handful of histories under each named plan, and what makes a failure worth having: one seed, one story, a short one.</summary>
public sealed class PlanTests(ITestOutputHelper output)
{
    private const int Histories = 25;

    [Fact]
    public void F1_Lost_doubled_late_and_reordered_messages_change_nothing_in_the_end() => AllPass("F1", SimulationFault.Delay);

    [Fact]
    public void F2_Partitions_one_way_links_swizzle_clogging_and_churn_change_nothing_in_the_end() => AllPass("F2", SimulationFault.Swizzle);

    [Fact]
    public void F8_Clocks_that_jump_drift_and_run_ahead_change_nothing_in_the_end() => AllPass("F8", SimulationFault.ClockAhead);

    [Fact]
    public void F9_Bytes_damaged_on_the_wire_are_never_taken_for_data() => AllPass("F9", SimulationFault.Corruption);

    [Fact]
    public void F11_Mutated_replayed_and_made_up_messages_of_a_member_harm_nobody() => AllPass("F11", SimulationFault.Hostile);

    [Fact]
    public void F12_Two_histories_signed_for_one_log_are_both_kept_alike_everywhere() => AllPass("F12", SimulationFault.Equivocation);

    [Fact]
    public void F13_Backups_put_back_and_cloned_peers_end_equal_with_all_that_anyone_holds() => AllPass("F13", SimulationFault.Clone);

    [Fact]
    public void D8_A_poison_entry_stops_its_own_log_and_nothing_else() => AllPass("D8", SimulationFault.Poison);

    [Fact]
    public void Crashes_power_cuts_and_full_disks_lose_nothing_that_was_promised() => AllPass("disk", SimulationFault.PowerCut);

    [Fact]
    public void Real_signatures_and_sessions_make_no_difference() => AllPass("real", SimulationFault.Cut, histories: 5);

    [Fact]
    public void Peers_with_connection_managers_find_each_other_again_and_keep_one_session() =>
        AllPass("managed", SimulationFault.Cut);

    [Fact]
    public void Files_make_no_difference() => AllPass("sqlite", SimulationFault.Cut, histories: 5);

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void One_seed_tells_one_story(ulong seed)
    {
        Assert.Equal(StoryOf(seed), StoryOf(seed));
    }

    [Fact]
    public void A_story_is_shrunk_to_the_steps_that_break_the_promise()
    {
        var options = new SimulationOptions { Invariants = [static () => new NobodyWritesTwice()] };
        var seed = Enumerable.Range(1, 20).Select(static i => (ulong)i).First(i => Simulator.Run(i, options).Failure is not null);

        var story = Simulator.Shrink(seed, options);

        Assert.NotNull(story);
        Assert.InRange(story.Steps.Count, 1, 3);
        Assert.Contains("wrote twice", story.Failure.Message, StringComparison.Ordinal);
        Assert.True(Simulator.Run(seed, options).Steps > story.Steps.Count);
    }

    private static List<string> StoryOf(ulong seed)
    {
        var lines = new List<string>();
        _ = Simulator.Run(seed, new() { Trace = lines.Add });
        Assert.NotEmpty(lines);
        return lines;
    }

    private void AllPass(string name, SimulationFault fault, int histories = Histories)
    {
        var plan = SimulationPlan.Find(name);
        Assert.NotNull(plan);
        var counts = new FaultCounts();
        for (ulong seed = 1; seed <= (ulong)histories; seed++)
        {
            var result = Simulator.Run(seed, new() { Plan = plan });
            counts.Add(result.Faults);
            Assert.True(result.Failure is null, $"seed {seed}: {result.Failure}\n"
                + $"replay: dotnet run -c Release --project tests/Simulation -- --plan {name} --seed {seed}");
        }

        output.WriteLine($"plan {name}, seeds 1 to {histories}: {fault} {counts[fault]} times");
        Assert.True(counts[fault] > 0);
    }

    private sealed class NobodyWritesTwice : ISimulationInvariant
    {
        public void OnCommitted(SimulatedPeer peer)
        {
            if (peer.Number > 0 && peer.Acknowledged.Count > 1)
            {
                throw new SimulationException($"{peer} wrote twice.");
            }
        }

        public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
        {
        }
    }
}
