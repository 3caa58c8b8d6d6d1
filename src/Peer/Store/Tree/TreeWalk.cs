namespace Replica.Peer.Store.Tree;

/// <summary>Walks through the tree of one snapshot: what shows, and what hangs where nothing shows.</summary>
/// <remarks>The visible tree holds the nodes that are placed and alive and whose ancestors all are.</remarks>
internal static class TreeWalk
{
    /// <summary>The children of a node in order; null for those at the top.</summary>
    public static List<SiblingRow> Children(ITreeReader reader, string? parent)
    {
        var children = reader.ReadAlive(parent);
        SiblingRow.Sort(children, reader.Order);
        return children;
    }

    /// <summary>Whether the node is in the visible tree.</summary>
    public static bool IsVisible(ITreeReader reader, string id)
    {
        for (var at = id; ;)
        {
            if (reader.FindPlace(at) is not { IsAlive: true } place)
            {
                return false;
            }

            if (place.Parent is null)
            {
                return true;
            }

            at = place.Parent;
        }
    }

    /// <summary>All that hangs under a node, parents before children, siblings in order; null for the whole visible tree.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="root">The node.</param>
    /// <param name="depthMax">How many levels, from 1.</param>
    public static IEnumerable<TreeItem> Below(ITreeReader reader, string? root, int depthMax = int.MaxValue)
    {
        // A stack of its own: a tree may be deeper than the call stack.
        var open = new Stack<(string? Parent, List<SiblingRow> Children, int Next)>();
        open.Push((root, Children(reader, root), 0));
        while (open.TryPop(out var at))
        {
            if (at.Next == at.Children.Count)
            {
                continue;
            }

            var child = at.Children[at.Next];
            yield return new(child.Id, at.Parent, open.Count);
            open.Push(at with { Next = at.Next + 1 });
            if (open.Count < depthMax)
            {
                open.Push((child.Id, Children(reader, child.Id), 0));
            }
        }
    }

    /// <summary>The alive nodes that are placed and not in the visible tree, with where they are placed.</summary>
    public static IEnumerable<TreeItem> Orphans(ITreeReader reader)
    {
        foreach (var (id, parent) in reader.ReadCutOff())
        {
            yield return new(id, parent, 0);
            foreach (var below in Below(reader, id))
            {
                yield return below with { Depth = below.Depth + 1 };
            }
        }
    }
}
