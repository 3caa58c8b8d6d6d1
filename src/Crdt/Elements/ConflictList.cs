using Replica.Crdt.Causality;

namespace Replica.Crdt.Elements;

/// <summary>Finds the conflicts of an element that is alive.</summary>
public static class ConflictList
{
    /// <summary>All conflicts of the element: type, vector, then fields by name. None while it is not alive.</summary>
    public static IReadOnlyList<ElementConflict> Of(Element element, ICausalView view)
    {
        if (!MayHave(element))
        {
            return [];
        }

        var found = new List<ElementConflict>();
        Add(found, ConflictPlace.Type, "", element.Type, view);
        Add(found, ConflictPlace.Vector, "", element.Vector, view);
        foreach (var field in element.Fields)
        {
            Add(found, field, view);
        }

        return found;
    }

    /// <summary>The quick answer that most elements need: without two entries anywhere there is no conflict.</summary>
    private static bool MayHave(Element element)
    {
        if (!element.IsAlive)
        {
            return false;
        }

        foreach (ref readonly var field in element.Fields)
        {
            if (field.Counter is not null || field.Set is not null || field.Register.Entries.Length > 1)
            {
                return true;
            }
        }

        return element.Type.Entries.Length > 1 || element.Vector.Entries.Length > 1;
    }

    private static void Add(List<ElementConflict> found, ConflictPlace place, string name, Register register, ICausalView view)
    {
        if (register.Entries.Length > 1 && register.Winner(view) is { } winner)
        {
            Add(found, place, name, OfRegister(winner), [.. register.Conflicts(view).Select(OfRegister)], view);
        }
    }

    private static void Add(List<ElementConflict> found, Field field, ICausalView view)
    {
        if (field.Counter is null && field.Set is null)
        {
            Add(found, ConflictPlace.Field, field.Name, field.Register, view);
            return;
        }

        var shown = field.Shown(view);
        var winner = field.Register.Winner(view);
        var losers = new List<ConflictEntry>();
        if (shown is null or { Kind: FieldKind.Register } || winner is { Value: not null })
        {
            losers.AddRange(field.Register.Conflicts(view).Select(OfRegister));
        }

        losers.AddRange(field.Counter?.Conflicts(view).Select(static head => new ConflictEntry(FieldKind.Counter, head.Value, head.Stamp)) ?? []);
        losers.AddRange(field.OtherKinds(view).Select(static kind => new ConflictEntry(kind.Kind, kind.Value, kind.Last)));
        ConflictEntry? top = shown is { } value ? new(value.Kind, value.Value, value.Last) : winner is { } removal ? OfRegister(removal) : null;
        if (top is { } known)
        {
            Add(found, ConflictPlace.Field, field.Name, known, losers, view);
        }
    }

    private static void Add(
        List<ElementConflict> found, ConflictPlace place, string name, ConflictEntry shown, List<ConflictEntry> losers, ICausalView view)
    {
        if (losers.Count > 0)
        {
            losers.Sort((a, b) => StampOrder.Compare(b.Stamp, a.Stamp, view));
            found.Add(new(place, name, shown, losers));
        }
    }

    private static ConflictEntry OfRegister(Entry entry) => new(FieldKind.Register, entry.Value, entry.Stamp);
}
