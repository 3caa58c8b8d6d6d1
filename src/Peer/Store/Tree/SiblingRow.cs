using Replica.Crdt.Causality;
using Replica.Crdt.Tree;

namespace Replica.Peer.Store.Tree;

/// <summary>A child of some parent.</summary>
/// <param name="Id">The child.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Stamp">The move that put it there; it decides between equal positions.</param>
internal readonly record struct SiblingRow(string Id, TreePosition Position, Stamp Stamp)
{
    /// <summary>Puts siblings into their order: by position, then by stamp.</summary>
    public static void Sort(List<SiblingRow> siblings, ICausalView view) => siblings.Sort((a, b) =>
    {
        var byPosition = a.Position.CompareTo(b.Position);
        return byPosition != 0 ? byPosition : StampOrder.Compare(a.Stamp, b.Stamp, view);
    });
}
