using System.Collections.Frozen;

namespace Replica.Testing.Scenarios;

/// <summary>What this runner can do of what scenarios may ask for.</summary>
internal static class Abilities
{
    /// <remarks>
    /// <c>exact-hlc</c>: observing takes over the greater stamp and only local writes count, as in <see cref="Crdt.Causality.HybridClock"/>;
    /// founding and letting in happen at time 0, so no step's stamp depends on them. <c>op-delivery</c>: each change is
    /// a run of its own; one that comes before its log's earlier ones waits. <c>no-model</c> is nobody's ability but a remark.
    /// </remarks>
    private static readonly FrozenSet<string> s_known = FrozenSet.ToFrozenSet(
    [
        "virtual-clock", "replica-order", "exact-hlc", "op-delivery", "causal-delivery", "typed-values", "structured-values",
        "free-ids", "ordered-children", "backup", "bulk", "no-model",
    ]);

    /// <summary>The abilities that a scenario needs and this runner lacks; none if it can be run.</summary>
    public static IReadOnlyList<string> MissingFor(Scenario scenario) => [.. scenario.Needs.Distinct().Where(static need => !s_known.Contains(need))];
}
