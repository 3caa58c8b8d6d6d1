using System.Collections.Frozen;

namespace Replica.Testing.World;

/// <summary>Which faults a simulated world has, and how likely each is.</summary>
public sealed record SimulationPlan
{
    private static readonly FrozenDictionary<SimulationFault, int> s_all = new Dictionary<SimulationFault, int>
    {
        [SimulationFault.Loss] = 35,
        [SimulationFault.Duplicate] = 35,
        [SimulationFault.Delay] = 50,
        [SimulationFault.Corruption] = 12,
        [SimulationFault.Cut] = 50,
        [SimulationFault.Partition] = 20,
        [SimulationFault.OneWay] = 12,
        [SimulationFault.Clog] = 12,
        [SimulationFault.Swizzle] = 8,
        [SimulationFault.Restart] = 15,
        [SimulationFault.Crash] = 15,
        [SimulationFault.PowerCut] = 10,
        [SimulationFault.Backup] = 6,
        [SimulationFault.Clone] = 3,
        [SimulationFault.CrashInCommit] = 10,
        [SimulationFault.DiskFull] = 10,
        [SimulationFault.DiskError] = 8,
        [SimulationFault.CommitUnknown] = 8,
        [SimulationFault.ClockJump] = 10,
        [SimulationFault.ClockDrift] = 15,
        [SimulationFault.ClockAhead] = 3,
        [SimulationFault.Churn] = 8,
        [SimulationFault.Hostile] = 6,
        [SimulationFault.Poison] = 4,
        [SimulationFault.Equivocation] = 4,
    }.ToFrozenDictionary();

    /// <summary>Everything may happen; most histories are small.</summary>
    public static SimulationPlan All { get; } = new() { Name = "all", Percents = s_all };

    /// <summary>Nothing goes wrong.</summary>
    public static SimulationPlan Calm { get; } = new() { Name = "calm" };

    /// <summary>The plans that have a name.</summary>
    public static IReadOnlyList<SimulationPlan> Known { get; } =
    [
        All,
        Calm,
        Only("F1", SimulationFault.Loss, SimulationFault.Duplicate, SimulationFault.Delay),
        Only("F2", SimulationFault.Partition, SimulationFault.OneWay, SimulationFault.Clog, SimulationFault.Swizzle,
            SimulationFault.Cut, SimulationFault.Churn),
        Only("F8", SimulationFault.ClockJump, SimulationFault.ClockDrift, SimulationFault.ClockAhead),
        Only("F9", SimulationFault.Corruption),
        Only("F11", SimulationFault.Hostile),
        Only("F12", SimulationFault.Equivocation),
        Only("F13", SimulationFault.Backup, SimulationFault.Clone),
        Only("D8", SimulationFault.Poison),
        Only("disk", SimulationFault.Crash, SimulationFault.PowerCut, SimulationFault.CrashInCommit, SimulationFault.DiskFull,
            SimulationFault.DiskError, SimulationFault.CommitUnknown,
            SimulationFault.Restart),
        All with { Name = "sqlite", SqlitePerMille = 1000 },
        All with { Name = "real", RealPercent = 100 },
        All with { Name = "large", LargePercent = 100 },
        All with { Name = "managed", ManagedPercent = 100 },
    ];

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>In how many of a hundred histories each fault happens; one that is not here never does.</summary>
    public IReadOnlyDictionary<SimulationFault, int> Percents { get; init; } = FrozenDictionary<SimulationFault, int>.Empty;

    /// <summary>The least number of peers of a usual history.</summary>
    public int PeersMin { get; init; } = 2;

    /// <summary>The greatest number of peers of a usual history.</summary>
    public int PeersMax { get; init; } = 4;

    /// <summary>The least number of steps of a usual history, faults not counted.</summary>
    public int StepsMin { get; init; } = 8;

    /// <summary>The greatest number of steps of a usual history, faults not counted.</summary>
    public int StepsMax { get; init; } = 36;

    /// <summary>How many of a hundred histories are large: up to 9 peers and 200 steps.</summary>
    public int LargePercent { get; init; } = 1;

    /// <summary>How many of a hundred histories sign with Ed25519 and talk inside real Noise sessions.</summary>
    public int RealPercent { get; init; } = 2;

    /// <summary>
    /// In how many of a hundred histories whose peers talk in sessions each has the product's connection manager, which dials, dials
    /// again and closes duplicates; else planned steps connect them.
    /// </summary>
    public int ManagedPercent { get; init; } = 60;

    /// <summary>How many of a thousand histories rest in SQLite files instead of in memory; slow.</summary>
    public int SqlitePerMille { get; init; } = 5;

    /// <summary>The plan of a name.</summary>
    /// <returns>Nothing if there is none.</returns>
    public static SimulationPlan? Find(string name) =>
        Known.FirstOrDefault(plan => string.Equals(plan.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A plan with some faults in every history and none of the others.</summary>
    public static SimulationPlan Only(string name, params IReadOnlyList<SimulationFault> faults) => new()
    {
        Name = name,
        Percents = faults.ToFrozenDictionary(static fault => fault, static _ => 100),
    };

    /// <summary>Whether a fault happens in a history.</summary>
    internal bool Has(SimulationFault fault, Chance chance) => chance.Percent(Percents.GetValueOrDefault(fault));
}
