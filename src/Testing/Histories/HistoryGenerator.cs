using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>Draws random histories of one space: a founder, writers that it lets in, and what they write apart and together.</summary>
public static class HistoryGenerator
{
    private const long FirstMilliseconds = 1_700_000_000_000;

    /// <summary>No more copies are made when there are so many replicas.</summary>
    private const int WritersMax = 8;

    /// <summary>A random history of a random shape.</summary>
    public static History Next(Chance chance) => Next(chance, HistoryShape.Next(chance));

    /// <summary>A random history of a given shape. It begins with founding the space and letting the others in.</summary>
    public static History Next(Chance chance, HistoryShape shape)
    {
        var writers = Enumerable.Range(0, shape.Replicas).Select(i => NextWriter(chance, shape, i)).ToList();
        var pasts = new Dictionary<Position, HashSet<Position>>();
        var changes = new List<HistoryChange>();
        var now = FirstMilliseconds;
        Found(writers, changes, pasts, now);
        var operations = new OperationGenerator(chance, shape);
        for (var step = 0; step < shape.Steps; step++)
        {
            now += chance.Below(20);
            var writer = chance.Pick(writers);
            if (shape.ForkPercent > 0 && chance.Percent(shape.ForkPercent) && writers.Count < WritersMax)
            {
                writers.Add(writer.Clone());
            }
            else if (chance.Percent(shape.HearPercent))
            {
                writer.Hear(chance.Pick(writers));
            }
            else
            {
                writer.Prepare();
                var known = changes.FindAll(writer.Knows);
                var groups = NextGroups(chance, shape, operations, writer, known);
                changes.Add(writer.Write(now, groups, pasts, isRedundant: chance.Percent(10)));
            }
        }

        return new(new(changes[0].Change.Hash().Value), changes);
    }

    private static HistoryWriter NextWriter(Chance chance, HistoryShape shape, int number) => new(
        AuthorKey.FromBytes(chance.Bytes(Bytes32.Size)),
        new(chance.Next()),
        "r" + number,
        chance.Between(-shape.SkewMilliseconds, shape.SkewMilliseconds));

    private static void Found(
        List<HistoryWriter> writers, List<HistoryChange> changes, Dictionary<Position, HashSet<Position>> pasts, long now)
    {
        var founder = writers[0];
        changes.Add(founder.Write(now, [new(Target.Space.Instance, [founder.Header, new Operation.Genesis()])], pasts, false));
        if (writers.Count > 1)
        {
            Operation[] roles = [.. writers.Skip(1).Select(static other => new Operation.Promote(other.Author, Role.Writer))];
            changes.Add(founder.Write(now, [new(Target.Space.Instance, roles)], pasts, false));
        }

        foreach (var writer in writers.Skip(1))
        {
            writer.Hear(founder);
        }
    }

    private static List<OperationGroup> NextGroups(
        Chance chance, HistoryShape shape, OperationGenerator operations, HistoryWriter writer, List<HistoryChange> known)
    {
        var groups = new List<OperationGroup>();
        if (!writer.HasWritten)
        {
            groups.Add(new(Target.Space.Instance, [writer.Header]));
        }

        if (shape.HasKinds && chance.Percent(8))
        {
            groups.Add(new(Target.Space.Instance, [operations.NextDeclaration()]));
        }

        for (var left = chance.Between(1, shape.OperationsMax); left > 0;)
        {
            var target = operations.NextTarget();
            var count = chance.Between(1, left);
            groups.Add(new(target, [.. Enumerable.Range(0, count).Select(_ => operations.NextOperation(target, known))]));
            left -= count;
        }

        return groups;
    }
}
