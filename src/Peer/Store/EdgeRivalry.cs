using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Chooses the one edge that a node shows of a to-one relation.</summary>
/// <param name="toOne">The to-one relations.</param>
/// <param name="order">Orders links.</param>
internal sealed class EdgeRivalry(IReadOnlySet<string> toOne, ICausalView order)
{
    /// <summary>Whether one node shows one edge of the relation.</summary>
    public bool IsToOne(string relation) => toOne.Contains(relation);

    /// <summary>Groups edges that stand together and compete: those of one node in one to-one relation. The one that shows is first.</summary>
    /// <param name="edges">In order of from and relation.</param>
    public IEnumerable<IReadOnlyList<StoredEdge>> Group(IEnumerable<StoredEdge> edges)
    {
        var rivals = new List<StoredEdge>();
        foreach (var edge in edges)
        {
            if (rivals.Count > 0 && (rivals[0].Edge.From != edge.Edge.From || rivals[0].Edge.Relation != edge.Edge.Relation))
            {
                yield return Sort(rivals);
                rivals = [];
            }

            if (IsToOne(edge.Edge.Relation))
            {
                rivals.Add(edge);
            }
            else
            {
                yield return [edge];
            }
        }

        if (rivals.Count > 0)
        {
            yield return Sort(rivals);
        }
    }

    /// <summary>The edges that show.</summary>
    /// <param name="edges">In order of from and relation.</param>
    public IEnumerable<VisibleEdge> Shown(IEnumerable<StoredEdge> edges)
    {
        foreach (var group in Group(edges))
        {
            yield return group[0].ToVisible();
        }
    }

    private List<StoredEdge> Sort(List<StoredEdge> rivals)
    {
        rivals.Sort(Compare);
        return rivals;
    }

    /// <summary>The last link first. An edge without a link of its own, made by a field alone, comes behind those with one.</summary>
    private int Compare(StoredEdge a, StoredEdge b)
    {
        if (a.Link is { } mine && b.Link is { } theirs)
        {
            return StampOrder.Compare(theirs, mine, order);
        }

        if (a.Link is not null || b.Link is not null)
        {
            return a.Link is null ? 1 : -1;
        }

        var byTo = Utf8Order.Instance.Compare(a.Edge.To, b.Edge.To);
        return byTo != 0 ? byTo : Utf8Order.Instance.Compare(a.Edge.Key, b.Edge.Key);
    }
}
