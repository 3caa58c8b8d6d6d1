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
    private readonly Dictionary<Position, ModelPast> _pasts = [];
    private readonly List<ModelOperation> _declarations = [];

    private SlowModel(IEnumerable<ChainedChange> changes)
    {
        var all = new Dictionary<Position, ChainedChange>();
        foreach (var chained in changes)
        {
            all.Add(chained.Place, chained);
        }

        var numbers = all.Keys.Index().ToDictionary(static pair => pair.Item, static pair => pair.Index);
        foreach (var (place, chained) in all)
        {
            var past = PastOf(place, all, _pasts, numbers);
            var index = 0;
            foreach (var group in chained.Change.Groups)
            {
                foreach (var operation in group.Operations)
                {
                    Add(group.Target, new(chained, numbers[place], index++, operation, past));
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

    /// <summary>Folds a set of changes without forks; it must hold every change that one of them depends on, in any order.</summary>
    /// <exception cref="ArgumentException">A change of the past of another is missing, or two stand in one place of a log.</exception>
    public static SlowModel Fold(IEnumerable<Change> changes) => new(ChainedChange.Chain(changes));

    /// <summary>Folds a set of changes, of forked logs too; it must hold every change that one of them depends on, in any order.</summary>
    /// <exception cref="ArgumentException">A change of the past of another is missing.</exception>
    public static SlowModel Fold(IEnumerable<ChainedChange> changes) => new(changes);

    /// <summary>The operations on one element, change by change in the order in which the changes were given.</summary>
    internal IReadOnlyList<ModelOperation> OperationsOn(Target target) => _operations[target];

    /// <summary>All changes that happen before this one.</summary>
    internal ModelPast PastOf(Position change) => _pasts[change];

    /// <summary>Whether a node or edge shows: it is alive and, for an edge, both its endpoints are, and no rival goes before it.</summary>
    public bool IsVisible(Target target) => CanShow(target)
        && (target is not Target.Edge edge || !IsToOne(edge.Relation) || FirstRival(edge) == edge);

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
                    element.Vector.Shown,
                    element.Fields.Where(static field => field.Value.Shown is not null)
                        .Select(static field => new KeyValuePair<string, Value>(field.Key, field.Value.Shown!.Value))));
            }

            else if (target is Target.Edge edge && CanShow(edge))
            {
                lines.Add(StateLines.GivesWay(edge, FirstRival(edge)));
            }

            if (!element.IsAlive)
            {
                continue;
            }

            AddConflicts(lines, target, "type", element.Type);
            AddConflicts(lines, target, "vector", element.Vector);
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

    private static ModelPast PastOf(
        Position place, Dictionary<Position, ChainedChange> all, Dictionary<Position, ModelPast> pasts, Dictionary<Position, int> numbers)
    {
        // Depth first with a stack of its own: a log may be longer than the call stack is deep.
        var open = new Stack<Position>([place]);
        while (open.TryPeek(out var at))
        {
            if (pasts.ContainsKey(at))
            {
                _ = open.Pop();
                continue;
            }

            if (!all.TryGetValue(at, out var chained))
            {
                throw new ArgumentException($"The change {at} is in the past of another one and is not in the set.", nameof(all));
            }

            var direct = chained.Change.Deps.ToList();
            if (at.Seq > 1)
            {
                direct.Add(chained.BasePlace);
            }

            var missing = direct.Where(before => !pasts.ContainsKey(before)).ToList();
            missing.ForEach(open.Push);
            if (missing.Count == 0)
            {
                var past = new ModelPast(numbers);
                direct.ForEach(before => past.Add(before, pasts[before]));
                pasts.Add(at, past);
            }
        }

        return pasts[place];
    }

    private void Add(Target target, ModelOperation operation)
    {
        if (operation.Operation is Operation.Declare)
        {
            _declarations.Add(operation);
        }

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

    private bool CanShow(Target target) => IsAlive(target)
        && (target is not Target.Edge edge || (IsAlive(new Target.Node(edge.From)) && IsAlive(new Target.Node(edge.To))));

    private bool IsToOne(string relation)
    {
        var maximal = ModelFields.Maximal(_declarations.FindAll(op => ((Operation.Declare)op.Operation).Relation == relation));
        maximal.Sort(static (a, b) => b.CompareStamp(a));
        return maximal is [{ Operation: Operation.Declare { Cardinality: Cardinality.ToOne } }, ..];
    }

    /// <summary>The edge that shows of those of one node: the one with the last link; without links the first by to and key.</summary>
    private Target.Edge FirstRival(Target.Edge edge)
    {
        var rivals = _elements.Keys.OfType<Target.Edge>()
            .Where(other => other.From == edge.From && other.Relation == edge.Relation && CanShow(other))
            .Select(other => (Edge: other, Link: LinkOf(other)))
            .ToList();
        rivals.Sort(static (a, b) => a.Link is not null && b.Link is not null ? b.Link.CompareStamp(a.Link)
            : a.Link is not null || b.Link is not null ? (a.Link is null).CompareTo(b.Link is null)
            : (a.Edge.To, a.Edge.Key).CompareTo((b.Edge.To, b.Edge.Key)));
        return rivals[0].Edge;
    }

    private ModelOperation? LinkOf(Target.Edge edge)
    {
        var all = _operations[edge];
        var effective = all.FindAll(delete => delete.IsDelete && !all.Exists(w => w.IsWrite && w.IsConcurrent(delete)));
        var links = all.FindAll(op => op.Operation is Operation.Create && !effective.Exists(op.IsBefore));
        links.Sort(static (a, b) => b.CompareStamp(a));
        return links.FirstOrDefault();
    }

    private bool IsAlive(Target target) => _elements.TryGetValue(target, out var element) && element.IsAlive;

    private static ModelElement FoldElement(Target target, List<ModelOperation> all)
    {
        var effective = all.Where(delete => delete.IsDelete && !all.Exists(w => w.IsWrite && w.IsConcurrent(delete))).ToList();
        var left = all.Where(kept => !kept.IsDelete && !effective.Exists(kept.IsBefore)).ToHashSet();
        var names = all.Select(static op => op.Field).OfType<string>().Distinct().ToList();
        names.Sort(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
        var fields = new ModelFields(all, left);
        return new(
            target,
            left.Any(static op => op.IsWrite),
            ToField(fields.Register(static op => Value.From(((Operation.SetType)op.Operation).Type), static op => op.Operation is Operation.SetType)),
            ToField(fields.Register(static op => VectorOf(op.Operation), static op => op.Operation is Operation.SetVector)),
            [.. names.Select(name => KeyValuePair.Create(name, fields.Field(name)))]);
    }

    private static ModelField ToField(ModelKind kind) =>
        new(kind.Shown, [.. kind.Losers.Select(static lost => (lost.Operation.Dot, lost.Operation.Index, lost.Value))]);

    private static Value? VectorOf(Operation operation) =>
        operation is Operation.SetVector { Vector: { } vector } ? Value.From(vector.Bytes.ToArray()) : null;
}
