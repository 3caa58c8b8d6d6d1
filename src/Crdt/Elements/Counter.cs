using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A counter field: the maximal sets, and one sum of what was added for each of them and each group of deletes. Immutable.</summary>
/// <remarks>
/// An add names the set that its author added to, erased or not, and counts while that set is the one that shows. So an
/// add is never counted on top of a set that it has not seen, and none is counted twice. A removal of the field by an
/// author that knows of the counter is a set without a value: it takes the place of the sets that it has seen, and
/// with them of what was added to those. Sums of sets that are no longer maximal are dropped: they can't show again.
/// </remarks>
public sealed class Counter
{
    private readonly Stamp[] _origins;
    private readonly Entry[] _heads;
    private readonly CounterSum[] _sums;

    private Counter(Stamp[] origins, Entry[] heads, CounterSum[] sums)
    {
        _origins = origins;
        _heads = heads;
        _sums = sums;
    }

    /// <summary>The minimal sets and adds: an author knows of the counter iff it has seen one of them.</summary>
    public ReadOnlySpan<Stamp> Origins => _origins;

    /// <summary>The maximal sets, erased ones too; a removal has no value.</summary>
    public ReadOnlySpan<Entry> Heads => _heads;

    /// <summary>What was added to the maximal sets, or to none while none is known.</summary>
    public ReadOnlySpan<CounterSum> Sums => _sums;

    /// <summary>A counter that nothing was done to.</summary>
    internal static Counter Empty { get; } = new([], [], []);

    /// <summary>A counter with exactly these parts, as they were kept at rest.</summary>
    public static Counter FromParts(Stamp[] origins, Entry[] heads, CounterSum[] sums) => new(origins, heads, sums);

    /// <summary>The last in stamp order of the maximal sets, erased or not: what an add made now names. Nothing if none is known.</summary>
    public Entry? Base(ICausalView view)
    {
        if (_heads.Length == 0)
        {
            return null;
        }

        var last = _heads[0];
        foreach (ref readonly var head in _heads.AsSpan(1))
        {
            last = StampOrder.Compare(head.Stamp, last.Stamp, view) > 0 ? head : last;
        }

        return last;
    }

    /// <summary>The value shown; nothing if neither the set that shows nor an add to it is there.</summary>
    public long? Shown(ICausalView view)
    {
        var shown = Base(view);
        long? value = shown is { IsVisible: true, Value: { } set } ? set.AsInteger() : null;
        foreach (ref readonly var sum in _sums.AsSpan())
        {
            if (sum.IsVisible && sum.Base == shown?.Stamp)
            {
                value = unchecked((value ?? 0) + sum.Sum);
            }
        }

        return value;
    }

    /// <summary>The visible set or add that is last in stamp order, or nothing.</summary>
    public Stamp? Last(ICausalView view)
    {
        Stamp? last = null;
        foreach (ref readonly var head in _heads.AsSpan())
        {
            last = head is { IsVisible: true, Value: not null } ? Later(last, head.Stamp, view) : last;
        }

        foreach (ref readonly var sum in _sums.AsSpan())
        {
            last = sum.IsVisible ? Later(last, sum.Latest, view) : last;
        }

        return last;
    }

    /// <summary>The visible sets and removals that are maximal and not the one that shows.</summary>
    public IEnumerable<Entry> Conflicts(ICausalView view)
    {
        var shown = Base(view);
        return _heads.Where(head => head.IsVisible && head.Stamp != shown!.Value.Stamp);
    }

    internal Counter Set(Stamp stamp, long value, ICausalView view) =>
        WithHead(new(stamp, Value.From(value), []), OriginsWith(stamp, view), view);

    internal Counter Add(Stamp stamp, long delta, OperationPlace? named, ICausalView view)
    {
        var origins = OriginsWith(stamp, view);
        if (!IsBase(named, view, out var @base))
        {
            // The set that it names is covered already, or is none: the add counts nowhere and never will.
            return origins == _origins ? this : new(origins, _heads, _sums);
        }

        var at = Array.FindIndex(_sums, sum => sum.IsOf(@base, []));
        if (at < 0)
        {
            return new(origins, _heads, [.. _sums, new(@base, [], delta, stamp)]);
        }

        var sums = (CounterSum[])_sums.Clone();
        sums[at] = sums[at].Plus(delta, stamp, view);
        return new(origins, _heads, sums);
    }

    internal Counter Remove(Stamp stamp, ICausalView view) =>
        Array.Exists(_origins, view.HappensBefore) ? WithHead(new(stamp, null, []), _origins, view) : this;

    internal Counter MarkedBy(Stamp delete, ICausalView view)
    {
        // An effective delete has seen every write on its element, so every add.
        var sums = Array.ConvertAll(_sums, sum => sum with { Marks = Antichain.AddMark(sum.Marks, delete, view) });
        return new(_origins, Antichain.Mark(_heads, delete, view), sums);
    }

    internal Counter ContestedBy(ICausalView view)
    {
        if (!HasMarks)
        {
            return this;
        }

        var sums = new List<CounterSum>(_sums.Length);
        foreach (var sum in _sums)
        {
            var marks = Antichain.ContestMarks(sum.Marks, view);
            var at = sums.FindIndex(other => other.IsOf(sum.Base, marks));
            if (at < 0)
            {
                sums.Add(sum with { Marks = marks });
            }
            else
            {
                sums[at] = sums[at].Plus(sum.Sum, sum.Latest, view);
            }
        }

        return new(_origins, Antichain.Contest(_heads, view), [.. sums]);
    }

    internal bool HasMarks => Antichain.HasMarks(_heads) || Array.Exists(_sums, static sum => !sum.IsVisible);

    private static Stamp Later(Stamp? a, Stamp b, ICausalView view) => a is { } last && StampOrder.Compare(last, b, view) > 0 ? last : b;

    private Counter WithHead(Entry head, Stamp[] origins, ICausalView view)
    {
        var heads = Antichain.Add(_heads, head, view);
        return new(origins, heads, Array.FindAll(_sums, sum => Array.Exists(heads, kept => kept.Stamp == sum.Base)));
    }

    private Stamp[] OriginsWith(Stamp stamp, ICausalView view) =>
        Array.Exists(_origins, view.HappensBefore) ? _origins : [.. _origins, stamp];

    /// <summary>Whether what an add names is a maximal set here that its author has seen, or rightly nothing.</summary>
    private bool IsBase(OperationPlace? named, ICausalView view, out Stamp? @base)
    {
        @base = null;
        if (named is not { } place)
        {
            return _heads.Length == 0;
        }

        foreach (var head in _heads)
        {
            var stamp = head.Stamp;
            if (stamp.Seq == place.Change.Seq
                && stamp.Index == place.Index
                && view.LogOf(stamp.Branch) == place.Change.Log
                && view.HappensBefore(stamp)
                && view.HeadOf(stamp.Branch, stamp.Seq) == place.Change.Head)
            {
                @base = stamp;
                return true;
            }
        }

        return false;
    }
}
