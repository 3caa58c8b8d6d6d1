using System.Collections;
using Replica.Crdt.Causality;

namespace Replica.Testing.Model;

/// <summary>A set of changes: all that happen before one. One bit for each change that the model was given.</summary>
/// <param name="numbers">The number of each change, from 0.</param>
internal sealed class ModelPast(IReadOnlyDictionary<Position, int> numbers)
{
    private readonly BitArray _bits = new(numbers.Count);

    /// <summary>How many there are.</summary>
    public int Count => numbers.Values.Count(number => _bits[number]);

    /// <summary>Whether a change is among them.</summary>
    public bool Contains(int number) => _bits[number];

    /// <summary>Whether a change is among them.</summary>
    public bool Contains(Position change) => numbers.TryGetValue(change, out var number) && _bits[number];

    /// <summary>Adds a change and all that happen before it.</summary>
    public void Add(Position change, ModelPast past)
    {
        _ = _bits.Or(past._bits);
        _bits[numbers[change]] = true;
    }
}
