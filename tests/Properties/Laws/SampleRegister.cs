using Replica.Crdt.Causality;
using Replica.Testing;
using Replica.Testing.Laws;

namespace Replica.Tests.Properties.Laws;

/// <summary>A number that the last one to arrive decides, or, done right, the last one in stamp order.</summary>
internal sealed class SampleRegister(bool isRight) : IReplicatedType<(Stamp Stamp, int Number), int>
{
    public LegalDelivery Delivery => isRight ? LegalDelivery.AnyOrder : LegalDelivery.CausalOnce;

    public (Stamp Stamp, int Number) Create() => default;

    public int Draw(Chance chance, (Stamp Stamp, int Number) state, ICausalView view) => chance.Below(100);

    public (Stamp Stamp, int Number) Apply((Stamp Stamp, int Number) state, int operation, Stamp stamp, ICausalView view) =>
        isRight && state.Stamp != default && StampOrder.Compare(state.Stamp, stamp, view) > 0 ? state : (stamp, operation);

    public string Observe((Stamp Stamp, int Number) state, ICausalView view) => state.Number.ToString();
}
