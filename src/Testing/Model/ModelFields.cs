using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Testing.Model;

/// <summary>Folds what was written under one name, kind by kind, by their definitions.</summary>
/// <param name="all">All operations on the element.</param>
/// <param name="left">Those that no effective delete erases.</param>
internal sealed class ModelFields(IReadOnlyList<ModelOperation> all, IReadOnlySet<ModelOperation> left)
{
    /// <summary>The maximal of some operations.</summary>
    public static List<ModelOperation> Maximal(List<ModelOperation> some) => some.FindAll(op => !some.Exists(op.IsBefore));

    /// <summary>Folds a register out of the operations that set or remove it.</summary>
    /// <param name="valueOf">What an operation sets; nothing for a removal. Nothing is asked of others.</param>
    /// <param name="isOf">Whether an operation is about the register.</param>
    public ModelKind Register(Func<ModelOperation, Value?> valueOf, Func<ModelOperation, bool> isOf)
    {
        var maximal = Maximal([.. left.Where(isOf)]);
        maximal.Sort(static (a, b) => b.CompareStamp(a));
        return maximal.Count == 0
            ? new(null, null, [])
            : new(valueOf(maximal[0]), maximal[0], [.. maximal.Skip(1).Select(lost => (lost, valueOf(lost)))]);
    }

    /// <summary>Folds all kinds of one name.</summary>
    public ModelField Field(string name)
    {
        var register = Register(
            static op => (op.Operation as Operation.SetField)?.Value,
            op => op.Operation is Operation.SetField or Operation.RemoveField && op.Field == name);
        ModelKind[] kinds = [register, Counter(name), Set(name)];
        var alive = kinds.Where(static kind => kind.Shown is not null).ToList();
        alive.Sort(static (a, b) => b.Last!.CompareStamp(a.Last!));
        var shown = alive.FirstOrDefault();
        var losers = alive.Skip(1).Select(static kind => (Operation: kind.Last!, Value: kind.Shown)).Concat(kinds[1].Losers).ToList();
        if (shown is null || register.Shown is not null)
        {
            losers.AddRange(register.Losers);
        }

        losers.Sort(static (a, b) => b.Operation.CompareStamp(a.Operation));
        var hasTop = shown is not null || register.Last is not null;
        return new(shown?.Shown, hasTop ? [.. losers.Select(static lost => (lost.Operation.Dot, lost.Operation.Index, lost.Value))] : []);
    }

    private ModelKind Counter(string name)
    {
        var counting = all.Where(op => op.Operation is Operation.SetCounter or Operation.AddCounter && op.Field == name).ToList();
        var removals = all.Where(op => op.Field == name && op.Operation is Operation.RemoveField && counting.Exists(seen => seen.IsBefore(op)));
        List<ModelOperation> sets = [.. counting.Where(static op => op.Operation is Operation.SetCounter), .. removals];
        var heads = Maximal(sets);
        heads.Sort(static (a, b) => b.CompareStamp(a));
        var shown = heads.FirstOrDefault();
        var adds = counting.Where(op => op.Operation is Operation.AddCounter && left.Contains(op))
            .Select(op => (Operation: op, Add: (Operation.AddCounter)op.Operation, Base: BaseOf(op, sets)))
            .Where(add => add.Add.Base is null ? heads.Count == 0 : add.Base is not null && heads.Contains(add.Base))
            .ToList();
        var visible = heads.FindAll(head => left.Contains(head) && head.Operation is Operation.SetCounter);
        var counted = adds.FindAll(add => add.Base == shown);
        long? value = shown is not null && visible.Contains(shown) ? ((Operation.SetCounter)shown.Operation).Value : null;
        foreach (var add in counted)
        {
            value = unchecked((value ?? 0) + add.Add.Delta);
        }

        var last = visible.Concat(adds.Select(static add => add.Operation)).ToList();
        last.Sort(static (a, b) => b.CompareStamp(a));
        return new(
            value is { } sum ? Value.From(sum) : null,
            last.FirstOrDefault(),
            [.. heads.Skip(1).Where(left.Contains).Select(static head => (head, ValueOf(head)))]);
    }

    private static Value? ValueOf(ModelOperation head) =>
        head.Operation is Operation.SetCounter set ? Value.From(set.Value) : null;

    private static ModelOperation? BaseOf(ModelOperation add, List<ModelOperation> sets) =>
        ((Operation.AddCounter)add.Operation).Base is { } place ? sets.Find(set => set.IsAt(place) && set.IsBefore(add)) : null;

    private ModelKind Set(string name)
    {
        var adds = all.Where(op => op.Operation is Operation.AddToSet && op.Field == name).ToList();
        var present = adds.FindAll(add => left.Contains(add) && !all.Any(op => TakesAway(op.Operation, add) && add.IsBefore(op)));
        var last = present.ToList();
        last.Sort(static (a, b) => b.CompareStamp(a));
        return new(
            present.Count == 0 ? null : Value.SetOf(present.Select(static add => ((Operation.AddToSet)add.Operation).Value)),
            last.FirstOrDefault(),
            []);
    }

    private static bool TakesAway(Operation operation, ModelOperation add) => operation switch
    {
        Operation.RemoveField remove => remove.Field == add.Field,
        Operation.RemoveFromSet remove => remove.Field == add.Field && remove.Value == ((Operation.AddToSet)add.Operation).Value,
        _ => false,
    };
}
