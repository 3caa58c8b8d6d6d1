using Replica.Crdt.Causality;

namespace Replica.Crdt.Elements;

/// <summary>The steps that every list of maximal entries takes. Arrays are never changed in place: elements share them.</summary>
internal static class Antichain
{
    /// <summary>The entries that the operation at work has not seen, and its own.</summary>
    public static Entry[] Add(Entry[] entries, in Entry added, ICausalView view)
    {
        var kept = CountUnseen(entries, view);
        if (kept == 0)
        {
            return [added];
        }

        var result = new Entry[kept + 1];
        CopyUnseen(entries, result, view);
        result[kept] = added;
        return result;
    }

    /// <summary>The entries that the operation at work has not seen.</summary>
    public static Entry[] Cover(Entry[] entries, ICausalView view)
    {
        var kept = CountUnseen(entries, view);
        if (kept == entries.Length)
        {
            return entries;
        }

        var result = kept == 0 ? [] : new Entry[kept];
        CopyUnseen(entries, result, view);
        return result;
    }

    /// <summary>The entries after an effective delete of their element: it marks those that it has seen.</summary>
    public static Entry[] Mark(Entry[] entries, Stamp delete, ICausalView view)
    {
        if (entries.Length == 0)
        {
            return entries;
        }

        var result = new Entry[entries.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = view.HappensBefore(entries[i].Stamp)
                ? entries[i] with { Marks = AddMark(entries[i].Marks, delete, view) }
                : entries[i];
        }

        return result;
    }

    /// <summary>The entries after a write on their element: only deletes that the write has seen stay.</summary>
    public static Entry[] Contest(Entry[] entries, ICausalView view)
    {
        if (!HasMarks(entries))
        {
            return entries;
        }

        var result = new Entry[entries.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = entries[i] with { Marks = ContestMarks(entries[i].Marks, view) };
        }

        return result;
    }

    /// <summary>Whether an effective delete covers any of them.</summary>
    public static bool HasMarks(ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Marks.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The marks with one more delete, unless one of them is before it: only the minimal ones are kept.</summary>
    public static Stamp[] AddMark(Stamp[] marks, Stamp delete, ICausalView view)
    {
        foreach (var mark in marks)
        {
            if (view.HappensBefore(mark))
            {
                return marks;
            }
        }

        return [.. marks, delete];
    }

    /// <summary>The marks that the write at work has seen; it contests the others.</summary>
    public static Stamp[] ContestMarks(Stamp[] marks, ICausalView view)
    {
        foreach (var mark in marks)
        {
            if (!view.HappensBefore(mark))
            {
                return Array.FindAll(marks, view.HappensBefore);
            }
        }

        return marks;
    }

    private static int CountUnseen(Entry[] entries, ICausalView view)
    {
        var count = 0;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            count += view.HappensBefore(entry.Stamp) ? 0 : 1;
        }

        return count;
    }

    private static void CopyUnseen(Entry[] entries, Entry[] result, ICausalView view)
    {
        var at = 0;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (!view.HappensBefore(entry.Stamp))
            {
                result[at++] = entry;
            }
        }
    }
}
