using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>All that was written under one field name: a register, and a counter and a set where there are any. Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Register">The register.</param>
/// <param name="Counter">The counter, if anybody ever set or added to one.</param>
/// <param name="Set">The set, while it has members.</param>
public readonly record struct Field(string Name, Register Register, Counter? Counter = null, SetMembers? Set = null)
{
    /// <summary>What shows under the name; nothing if no kind is alive.</summary>
    public ShownField? Shown(ICausalView view)
    {
        if (Counter is null && Set is null)
        {
            return ShownRegister(view);
        }

        return Later(Later(ShownRegister(view), ShownCounter(view), view), ShownSet(view), view);
    }

    /// <summary>The kinds that are alive and do not show.</summary>
    public IReadOnlyList<ShownField> OtherKinds(ICausalView view)
    {
        if (Counter is null && Set is null)
        {
            return [];
        }

        ShownField?[] all = [ShownRegister(view), ShownCounter(view), ShownSet(view)];
        var shown = Shown(view);
        return [.. all.OfType<ShownField>().Where(kind => kind.Kind != shown!.Value.Kind)];
    }

    internal Field RemovedBy(Stamp stamp, ICausalView view) =>
        new(Name, Register.Apply(stamp, null, view), Counter?.Remove(stamp, view), OrNothing(Set?.RemoveAll(view)));

    internal Field WithoutFromSet(Value value, ICausalView view) => this with { Set = OrNothing(Set?.Remove(value, view)) };

    internal Field MarkedBy(Stamp delete, ICausalView view) =>
        new(Name, Register.MarkedBy(delete, view), Counter?.MarkedBy(delete, view), Set?.MarkedBy(delete, view));

    internal Field ContestedBy(ICausalView view) =>
        new(Name, Register.ContestedBy(view), Counter?.ContestedBy(view), Set?.ContestedBy(view));

    internal bool HasMarks => Antichain.HasMarks(Register.Entries) || Counter is { HasMarks: true } || Set is { HasMarks: true };

    internal bool IsEmpty => Register.IsEmpty && Counter is null && Set is null;

    private static SetMembers? OrNothing(SetMembers? set) => set is null || set.Members.IsEmpty ? null : set;

    private static ShownField? Later(ShownField? a, ShownField? b, ICausalView view) =>
        a is null || (b is not null && StampOrder.Compare(b.Value.Last, a.Value.Last, view) > 0) ? b : a;

    private ShownField? ShownRegister(ICausalView view) =>
        Register.Winner(view) is { Value: { } value } winner ? new(FieldKind.Register, value, winner.Stamp) : null;

    private ShownField? ShownCounter(ICausalView view) =>
        Counter?.Shown(view) is { } value ? new(FieldKind.Counter, Value.From(value), Counter.Last(view)!.Value) : null;

    private ShownField? ShownSet(ICausalView view) =>
        Set?.Shown() is { } value ? new(FieldKind.Set, value, Set.Last(view)!.Value) : null;
}
