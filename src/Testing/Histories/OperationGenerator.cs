using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;

namespace Replica.Testing.Histories;

/// <summary>Random operations on few nodes, edges and fields.</summary>
public sealed class OperationGenerator(Chance chance, HistoryShape shape)
{
    /// <summary>A random node or edge.</summary>
    public Target NextTarget() => chance.Percent(70)
        ? new Target.Node(NextId())
        : new Target.Edge(NextId(), chance.Pick(["", "knows"]), NextId(), chance.Pick(["", "2"]));

    /// <summary>A random operation that may stand on the target.</summary>
    public Operation NextOperation(Target target) =>
        target is Target.Node && chance.Percent(shape.MovePercent) ? NextMove() : NextPlainOperation(target);

    private Operation NextPlainOperation(Target target) => chance.Below(10) switch
    {
        0 or 1 => new Operation.Create(),
        2 or 3 => new Operation.Delete(),
        4 => new Operation.RemoveField(NextField()),
        5 when target is Target.Node => new Operation.SetType(chance.Pick(["", "person", "place"])),
        _ => new Operation.SetField(NextField(), chance.Percent(80) ? Value.From(chance.Below(100)) : ValueGenerator.Next(chance)),
    };

    private Operation.Move NextMove()
    {
        // Few positions, so that some are equal and the stamp decides.
        byte[] segment = [0, 0, 0, 0, 0, (byte)chance.Below(2), (byte)(0x81 + (2 * chance.Below(3)))];
        return new(chance.Percent(25) ? null : NextId(), TreePosition.FromBytes(segment));
    }

    private string NextId() => "n" + chance.Below(shape.Nodes);

    private string NextField() => "f" + chance.Below(shape.Fields);
}
