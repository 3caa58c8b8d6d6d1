using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A set field: for each value the maximal additions of it. Immutable.</summary>
/// <remarks>Source: [ORSet]. A removal takes away the additions that it has seen, and leaves nothing behind.</remarks>
public sealed class SetMembers
{
    private readonly SetMember[] _members;

    private SetMembers(SetMember[] members) => _members = members;

    /// <summary>The members, hidden ones too, ascending by the canonical bytes of their values.</summary>
    public ReadOnlySpan<SetMember> Members => _members;

    /// <summary>A set without members.</summary>
    internal static SetMembers Empty { get; } = new([]);

    /// <summary>A set with exactly these members, ascending, as they were kept at rest.</summary>
    public static SetMembers FromMembers(SetMember[] members) => new(members);

    /// <summary>The values shown as one value; nothing if there is none.</summary>
    public Value? Shown()
    {
        var count = 0;
        foreach (ref readonly var member in _members.AsSpan())
        {
            count += member.IsVisible ? 1 : 0;
        }

        if (count == 0)
        {
            return null;
        }

        var values = new Value[count];
        var at = 0;
        foreach (ref readonly var member in _members.AsSpan())
        {
            if (member.IsVisible)
            {
                values[at++] = member.Value;
            }
        }

        return Value.SetOfSorted(values);
    }

    /// <summary>The visible addition that is last in stamp order, or nothing.</summary>
    public Stamp? Last(ICausalView view)
    {
        Stamp? last = null;
        foreach (ref readonly var member in _members.AsSpan())
        {
            foreach (ref readonly var entry in member.Entries.AsSpan())
            {
                if (entry.IsVisible && (last is not { } best || StampOrder.Compare(entry.Stamp, best, view) > 0))
                {
                    last = entry.Stamp;
                }
            }
        }

        return last;
    }

    internal SetMembers Add(Stamp stamp, Value value, ICausalView view)
    {
        var key = ValueCodec.ToBytes(value);
        var entry = new Entry(stamp, null, []);
        var at = Find(key);
        if (at < 0)
        {
            SetMember[] more = [.. _members.AsSpan(0, ~at), new(key, value, [entry]), .. _members.AsSpan(~at)];
            return new(more);
        }

        var members = (SetMember[])_members.Clone();
        members[at] = members[at] with { Entries = Antichain.Add(members[at].Entries, entry, view) };
        return new(members);
    }

    internal SetMembers Remove(Value value, ICausalView view)
    {
        var at = Find(ValueCodec.ToBytes(value));
        if (at < 0)
        {
            return this;
        }

        var left = Antichain.Cover(_members[at].Entries, view);
        if (left.Length == 0)
        {
            return new([.. _members.AsSpan(0, at), .. _members.AsSpan(at + 1)]);
        }

        var members = (SetMember[])_members.Clone();
        members[at] = members[at] with { Entries = left };
        return new(members);
    }

    internal SetMembers RemoveAll(ICausalView view) => new(Array.FindAll(
        Array.ConvertAll(_members, member => member with { Entries = Antichain.Cover(member.Entries, view) }),
        static member => member.Entries.Length > 0));

    internal SetMembers MarkedBy(Stamp delete, ICausalView view) => new(
        Array.ConvertAll(_members, member => member with { Entries = Antichain.Mark(member.Entries, delete, view) }));

    internal SetMembers ContestedBy(ICausalView view) => HasMarks
        ? new(Array.ConvertAll(_members, member => member with { Entries = Antichain.Contest(member.Entries, view) }))
        : this;

    internal bool HasMarks => Array.Exists(_members, static member => Antichain.HasMarks(member.Entries));

    /// <summary>Where the value is; the complement of where it belongs if it is not there.</summary>
    private int Find(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, _members.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _members[middle].Key.Span.SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
