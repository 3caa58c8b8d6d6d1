using Replica.Crdt.Causality;
using Replica.Testing;
using Replica.Testing.Laws;

namespace Replica.Tests.Properties.Laws;

/// <summary>The movable tree on four nodes, 0 being the root.</summary>
internal sealed class TreeType : IReplicatedType<TreeState, (int Node, int Parent)>, IModelledType<(int Node, int Parent)>
{
    private const int Nodes = 4;

    public LegalDelivery Delivery => LegalDelivery.AnyOrder;

    public TreeState Create() => new();

    public (int Node, int Parent) Draw(Chance chance, TreeState state, ICausalView view) =>
        (chance.Between(1, Nodes), chance.Below(Nodes + 1));

    public TreeState Apply(TreeState state, (int Node, int Parent) operation, Stamp stamp, ICausalView view)
    {
        state.Take(new(new(operation.Node), new(operation.Parent), default, stamp));
        return state;
    }

    public string Observe(TreeState state, ICausalView view) => state.Show(view);

    public string Fold(IReadOnlyList<LawOperation<(int Node, int Parent)>> operations)
    {
        var parents = new SortedDictionary<int, int>();
        var skipped = new List<string>();
        foreach (var move in operations.OrderBy(move => move.Stamp.Time).ThenBy(move => move.Stamp.Branch.Value))
        {
            var (node, parent) = move.Operation;
            if (AtAndAbove(parent, parents).Contains(node))
            {
                skipped.Add($"{move.Name} skipped");
            }
            else
            {
                parents[node] = parent;
            }
        }

        skipped.Sort(StringComparer.Ordinal);
        return string.Join(", ", parents.Select(pair => $"{pair.Key} under {pair.Value}").Concat(skipped));
    }

    private static IEnumerable<int> AtAndAbove(int node, SortedDictionary<int, int> parents)
    {
        for (var at = node; at != 0; at = parents.GetValueOrDefault(at))
        {
            yield return at;
        }
    }
}
