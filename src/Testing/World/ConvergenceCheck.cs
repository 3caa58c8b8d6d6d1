namespace Replica.Testing.World;

/// <summary>What two replicas hold alike they show alike; at the end all hold and show the same.</summary>
internal sealed class ConvergenceCheck : IWorldCheck
{
    private readonly Dictionary<SimulatedReplica, int> _arrivals = [];

    /// <summary>Nothing that was committed is ever lost again.</summary>
    public void OnCommitted(SimulatedReplica replica)
    {
        var now = replica.Ledger.Positions().Sum(static position => (int)position.Seq);
        if (now < _arrivals.GetValueOrDefault(replica))
        {
            throw new SimulationException($"{replica} held {_arrivals[replica]} changes and holds {now} now.");
        }

        _arrivals[replica] = now;
    }

    public void OnQuiet(IReadOnlyList<SimulatedReplica> replicas)
    {
        var first = replicas[0];
        var expected = first.ToLines();
        foreach (var other in replicas.Skip(1))
        {
            if (!first.Ledger.Positions().AsSpan().SequenceEqual(other.Ledger.Positions()))
            {
                throw new SimulationException($"{other} does not hold what {first} holds though nothing kept them apart.");
            }

            if (StateLines.FirstDifference(expected, other.ToLines()) is { } difference)
            {
                throw new SimulationException($"{other} holds the same changes as {first} and shows something else.\n{difference}");
            }
        }
    }
}
