using Replica.Crdt.Causality;
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
    /// <param name="target">A node or edge.</param>
    /// <param name="known">What its author knows: what an add to a counter may name.</param>
    public Operation NextOperation(Target target, IReadOnlyList<HistoryChange> known) =>
        target is Target.Node && chance.Percent(shape.MovePercent) ? NextMove()
        : shape.HasKinds && chance.Percent(50) ? NextOfKind(target, known)
        : NextOfRegister(target);

    /// <summary>A random operation on the space that any writer may make.</summary>
    public Operation NextDeclaration() =>
        new Operation.Declare(chance.Pick(["", "knows"]), chance.Percent(70) ? Cardinality.ToOne : Cardinality.ToMany);

    private Operation NextOfKind(Target target, IReadOnlyList<HistoryChange> known)
    {
        var field = NextField();
        switch (chance.Below(11))
        {
            case 0 or 1:
                return new Operation.SetCounter(field, NextInteger());
            case 2 or 3 or 4 or 5:
                return new Operation.AddCounter(field, NextInteger(), NextBase(target, field, known));
            case 6 or 7 or 8:
                return new Operation.AddToSet(field, NextMember());
            case 9:
                return new Operation.RemoveFromSet(field, NextMember());
            case 10 when target is Target.Node:
                return new Operation.SetVector(chance.Percent(25) ? null : VectorBytes.From([chance.Below(3), float.NaN]));
            default:
                return new Operation.RemoveField(field);
        }
    }

    /// <summary>Mostly what an honest author names, the last set that it knows; else any operation, or a place that is none.</summary>
    private OperationPlace? NextBase(Target target, string field, IReadOnlyList<HistoryChange> known)
    {
        var places = new List<(HybridTimestamp Time, LogId Log, OperationPlace Place, bool IsSet)>();
        foreach (var written in known)
        {
            var change = written.Change;
            var index = 0;
            foreach (var group in change.Groups)
            {
                foreach (var operation in group.Operations)
                {
                    var place = new OperationPlace(new(change.Dot.Log, change.Dot.Seq, written.Head.Prefix), index++);
                    var isSet = group.Target == target && (operation is Operation.SetCounter set && set.Field == field
                        || operation is Operation.RemoveField remove && remove.Field == field);
                    places.Add((change.Time, change.Dot.Log, place, isSet));
                }
            }
        }

        var sets = places.Where(static place => place.IsSet).OrderBy(static place => (place.Time, place.Log, place.Place.Index)).ToArray();
        return chance.Below(10) switch
        {
            0 => null,
            1 when places.Count > 0 => chance.Pick(places).Place,
            2 when sets.Length > 0 => chance.Pick(sets).Place,
            3 when sets.Length > 0 => sets[^1].Place with { Change = sets[^1].Place.Change with { Head = new(1) } },
            _ => sets.Length > 0 ? sets[^1].Place : null,
        };
    }

    private long NextInteger() => chance.Percent(10) ? chance.Pick([long.MaxValue, long.MinValue]) : chance.Below(20);

    private Value NextMember() => chance.Percent(80) ? Value.From(chance.Below(3)) : ValueGenerator.Next(chance);

    private Operation NextOfRegister(Target target) => chance.Below(10) switch
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
