using Replica.Crdt.Causality;
using Replica.Testing;
using Replica.Testing.Laws;

namespace Replica.Tests.Properties.Laws;

/// <summary>A version vector: raised entry by entry in any order, or joined whole.</summary>
internal sealed class VectorType : IReplicatedType<VersionVector, (int Branch, ulong Seq)>, IMergedType<VersionVector>
{
    public LegalDelivery Delivery => LegalDelivery.AnyOrder;

    public VersionVector Create() => new();

    public (int Branch, ulong Seq) Draw(Chance chance, VersionVector state, ICausalView view) => (chance.Below(4), (ulong)chance.Below(9));

    public VersionVector Apply(VersionVector state, (int Branch, ulong Seq) operation, Stamp stamp, ICausalView view)
    {
        _ = state.Raise(new(operation.Branch), operation.Seq);
        return state;
    }

    public string Observe(VersionVector state, ICausalView view) => string.Join(' ', state.Entries());

    public VersionVector Merge(VersionVector into, VersionVector from)
    {
        into.Join(from);
        return into;
    }
}
