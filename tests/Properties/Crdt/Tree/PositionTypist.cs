using Replica.Crdt.Tree;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>One device that inserts into a list of positions; every position it makes is checked against its neighbours.</summary>
internal sealed class PositionTypist(int log, int waypointsMax = int.MaxValue)
{
    private readonly TestWaypoints _own = new(waypointsMax);
    private ulong _seq;

    /// <summary>Makes the position between two places of a list, checks it, and puts it there.</summary>
    /// <returns>Its length in bytes.</returns>
    public TreePosition InsertAt(List<TreePosition> list, int index)
    {
        var left = index > 0 ? list[index - 1] : default;
        var right = index < list.Count ? list[index] : default;
        var made = PositionMaker.Between(left, right, PositionTag.Derive(new((UInt128)log), ++_seq, 0), _own);
        if (made <= left || (!right.IsNone && made >= right) || !TreePosition.IsValid(made.Bytes))
        {
            throw new InvalidOperationException($"{made} was made between {left} and {right}.");
        }

        list.Insert(index, made);
        return made;
    }
}
