using Replica.Testing.Histories;

namespace Replica.Testing.World;

/// <summary>How big one simulated world is, and what it is made of.</summary>
/// <param name="Peers">How many honest peers.</param>
/// <param name="Steps">How many steps, faults not counted.</param>
/// <param name="FaultyMilliseconds">How long the faults last.</param>
/// <param name="HasSessions">Whether peers talk in sessions; else in datagrams that come late, twice, or in another order.</param>
/// <param name="IsReal">Whether signatures and sessions are real.</param>
/// <param name="IsOnSqlite">Whether peers rest in SQLite files.</param>
/// <param name="IsRelaxed">Whether writes are acknowledged before they are on disk.</param>
/// <param name="History">What is written.</param>
internal sealed record WorldShape(
    int Peers, int Steps, int FaultyMilliseconds, bool HasSessions, bool IsReal, bool IsOnSqlite, bool IsRelaxed, HistoryShape History)
{
    private const int LargePeersMin = 5;
    private const int LargePeersMax = 9;
    private const int LargeStepsMin = 60;
    private const int LargeStepsMax = 200;

    public static WorldShape Next(SimulationPlan plan, Chance chance)
    {
        var isLarge = chance.Percent(plan.LargePercent);
        return new(
            isLarge ? chance.Between(LargePeersMin, LargePeersMax) : chance.Between(plan.PeersMin, plan.PeersMax),
            isLarge ? chance.Between(LargeStepsMin, LargeStepsMax) : chance.Between(plan.StepsMin, plan.StepsMax),
            chance.Pick([500, 5_000, 20_000]),
            chance.Percent(75),
            chance.Percent(plan.RealPercent),
            chance.Below(1000) < plan.SqlitePerMille,
            chance.Percent(25),
            HistoryShape.Next(chance));
    }
}
