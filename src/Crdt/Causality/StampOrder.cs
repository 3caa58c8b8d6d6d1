namespace Replica.Crdt.Causality;

/// <summary>The total order of operations: time, log, change hash, index. It extends happens-before.</summary>
public static class StampOrder
{
    /// <summary>Compares two operations; 0 only for one and the same.</summary>
    public static int Compare(Stamp a, Stamp b, ICausalView view)
    {
        var byTime = a.Time.CompareTo(b.Time);
        if (byTime != 0)
        {
            return byTime;
        }

        if (a.Branch == b.Branch && a.Seq == b.Seq)
        {
            return a.Index.CompareTo(b.Index);
        }

        var byLog = view.LogOf(a.Branch).CompareTo(view.LogOf(b.Branch));
        if (byLog != 0)
        {
            return byLog;
        }

        // One log, one time, two changes: only branches of a fork can have that.
        var byHash = view.HashOf(a.Branch, a.Seq).CompareTo(view.HashOf(b.Branch, b.Seq));
        return byHash != 0 ? byHash : a.Index.CompareTo(b.Index);
    }
}
