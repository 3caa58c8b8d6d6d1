using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Peer.Host.Queries;

/// <summary>The last change of a snapshot: what a later snapshot is compared from.</summary>
/// <param name="Arrival">Its place in the order of application; 0 for none.</param>
/// <param name="Hash">What names it.</param>
internal readonly record struct LogMark(long Arrival, Crdt.Causality.ChangeHash Hash)
{
    /// <summary>Behind so many changes or touched nodes looking at everything is no more work.</summary>
    private const int TouchedMax = 10_000;

    /// <summary>The mark of a snapshot.</summary>
    public static LogMark Of(IStoreReader reader)
    {
        foreach (var last in reader.ReadLog(long.MaxValue, isNewestFirst: true))
        {
            return new(last.Arrival, Change.Hash(last.Body.Span));
        }

        return default;
    }

    /// <summary>The nodes that changes behind this mark touch; nothing if everything must be looked at.</summary>
    public HashSet<string>? ReadTouched(IStoreReader reader)
    {
        if (Arrival == 0)
        {
            return null;
        }

        var touched = new HashSet<string>();
        var count = 0;
        foreach (var stored in reader.ReadLog(Arrival - 1, isNewestFirst: false))
        {
            if (count++ == 0)
            {
                // After a failed disk other changes may stand behind an earlier one.
                if (stored.Arrival != Arrival || Change.Hash(stored.Body.Span) != Hash)
                {
                    return null;
                }

                continue;
            }

            foreach (var group in ChangeCodec.Decode(stored.Body).Groups)
            {
                if (group.Target is Target.Node node)
                {
                    _ = touched.Add(node.Id);
                }
            }

            if (count > TouchedMax || touched.Count > TouchedMax)
            {
                return null;
            }
        }

        return count > 0 ? touched : null;
    }
}
