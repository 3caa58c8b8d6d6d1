namespace Replica.Testing.World;

/// <summary>How often each fault was injected.</summary>
public sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<SimulationFault>().Length];

    /// <summary>How often one fault was injected.</summary>
    public long this[SimulationFault fault] => _counts[(int)fault];

    /// <summary>What connection managers did.</summary>
    public LinkCounts Links { get; } = new();

    /// <summary>Adds those of another history.</summary>
    public void Add(FaultCounts other)
    {
        Links.Add(other.Links);
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    internal void Count(SimulationFault fault) => _counts[(int)fault]++;
}
