using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Testing.Model;

/// <summary>
/// What a set of changes must show, folded plainly from all their operations and the happens-before order between
/// them. Slow on purpose: it keeps nothing, forgets nothing, and takes no step in order of arrival.
/// </summary>
/// <remarks>
/// It shares nothing with the engine but decoded changes and values: contexts are its own sets of dots, and an element
/// is a list of operations. Source: the definitions in the format's page, not the incremental form.
/// </remarks>
public sealed class SlowModel
{
    private readonly Dictionary<Target, List<ModelOperation>> _operations = [];
    private readonly Dictionary<Target, ModelElement> _elements = [];
    private readonly Dictionary<Dot, HashSet<Dot>> _pasts = [];

    private SlowModel(IEnumerable<Change> changes)
    {
        var all = changes.ToDictionary(static change => change.Dot);
        foreach (var change in all.Values)
        {
            var past = PastOf(change.Dot, all, _pasts);
            var index = 0;
            foreach (var group in change.Groups)
            {
                foreach (var operation in group.Operations)
                {
                    Add(group.Target, new(change, index++, operation, past));
                }
            }
        }

        foreach (var (target, operations) in _operations)
        {
            _elements.Add(target, FoldElement(target, operations));
        }
    }

    /// <summary>Every node and edge that an operation ever named.</summary>
    public IReadOnlyDictionary<Target, ModelElement> Elements => _elements;

    /// <summary>Folds a set of changes; it must hold every change that one of them depends on, in any order.</summary>
    /// <exception cref="ArgumentException">A change of the past of another is missing.</exception>
    public static SlowModel Fold(IEnumerable<Change> changes) => new(changes);

    /// <summary>The operations on one element, change by change in the order in which the changes were given.</summary>
    internal IReadOnlyList<ModelOperation> OperationsOn(Target target) => _operations[target];

    /// <summary>All changes that happen before this one.</summary>
    internal IReadOnlySet<Dot> PastOf(Dot change) => _pasts[change];

    /// <summary>Whether a node or edge shows: it is alive and, for an edge, both its endpoints are.</summary>
    public bool IsVisible(Target target) => IsAlive(target)
        && (target is not Target.Edge edge || (IsAlive(new Target.Node(edge.From)) && IsAlive(new Target.Node(edge.To))));

    /// <summary>What shows, and every conflict, as text: one line each, in ordinal order of the lines.</summary>
    public IReadOnlyList<string> ToLines()
    {
        var lines = new List<string>();
        foreach (var (target, element) in _elements)
        {
            if (IsVisible(target))
            {
                lines.Add(StateLines.Element(
                    target,
                    element.Type.Shown?.AsString() ?? "",
                    element.Fields.Where(static field => field.Value.Shown is not null)
                        .Select(static field => new KeyValuePair<string, Value>(field.Key, field.Value.Shown!.Value))));
            }

            AddConflicts(lines, target, "type", element.Type);
            foreach (var (name, field) in element.Fields)
            {
                AddConflicts(lines, target, $"field {name}", field);
            }
        }

        var moves = _operations.Where(static pair => pair.Key is Target.Node).SelectMany(static pair => pair.Value
            .Where(static operation => operation.Operation is Operation.Move)
            .Select(operation => (((Target.Node)pair.Key).Id, operation)));
        lines.AddRange(new ModelTree(moves).ToLines(node => IsAlive(new Target.Node(node))));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static void AddConflicts(List<string> lines, Target target, string register, ModelField field) =>
        lines.AddRange(field.Conflicts.Select(lost => StateLines.Conflict(target, register, lost.Dot, lost.Index, lost.Value)));

    private static HashSet<Dot> PastOf(Dot dot, Dictionary<Dot, Change> all, Dictionary<Dot, HashSet<Dot>> pasts)
    {
        // Depth first with a stack of its own: a log may be longer than the call stack is deep.
        var open = new Stack<Dot>([dot]);
        while (open.TryPeek(out var at))
        {
            if (pasts.ContainsKey(at))
            {
                _ = open.Pop();
                continue;
            }

            if (!all.TryGetValue(at, out var change))
            {
                throw new ArgumentException($"The change {at} is in the past of another one and is not in the set.", nameof(all));
            }

            var direct = change.Deps.Select(static dep => dep.Dot).ToList();
            if (at.Seq > 1)
            {
                direct.Add(at with { Seq = at.Seq - 1 });
            }

            var missing = direct.Where(before => !pasts.ContainsKey(before)).ToList();
            missing.ForEach(open.Push);
            if (missing.Count == 0)
            {
                pasts.Add(at, [.. direct, .. direct.SelectMany(before => pasts[before])]);
            }
        }

        return pasts[dot];
    }

    private void Add(Target target, ModelOperation operation)
    {
        if (target is Target.Space || operation.Operation is Operation.Advisory)
        {
            return;
        }

        if (!_operations.TryGetValue(target, out var list))
        {
            _operations.Add(target, list = []);
        }

        list.Add(operation);
    }

    private bool IsAlive(Target target) => _elements.TryGetValue(target, out var element) && element.IsAlive;

    private static ModelElement FoldElement(Target target, List<ModelOperation> all)
    {
        var effective = all.Where(delete => delete.IsDelete && !all.Exists(w => w.IsWrite && w.IsConcurrent(delete))).ToList();
        var left = all.Where(kept => !kept.IsDelete && !effective.Exists(kept.IsBefore)).ToList();
        var names = all.Select(static op => FieldOf(op.Operation)).OfType<string>().Distinct().ToList();
        names.Sort(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
        return new(
            target,
            left.Exists(static op => op.IsWrite),
            FoldRegister(left.FindAll(static op => op.Operation is Operation.SetType)),
            [.. names.Select(name => KeyValuePair.Create(name, FoldRegister(left.FindAll(op => FieldOf(op.Operation) == name))))]);
    }

    private static ModelField FoldRegister(List<ModelOperation> left)
    {
        var maximal = left.FindAll(op => !left.Exists(op.IsBefore));
        maximal.Sort(static (a, b) => b.CompareStamp(a));
        return maximal.Count == 0
            ? new(null, [])
            : new(ValueOf(maximal[0].Operation), [.. maximal.Skip(1).Select(static lost => (lost.Dot, lost.Index, ValueOf(lost.Operation)))]);
    }

    private static string? FieldOf(Operation operation) => operation switch
    {
        Operation.SetField set => set.Field,
        Operation.RemoveField remove => remove.Field,
        _ => null,
    };

    private static Value? ValueOf(Operation operation) => operation switch
    {
        Operation.SetField set => set.Value,
        Operation.SetType type => Value.From(type.Type),
        _ => null,
    };
}
