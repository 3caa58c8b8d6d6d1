using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Testing;
using Replica.Testing.Laws;
using Replica.Tests.Properties.Crdt;

namespace Replica.Tests.Properties.Laws;

/// <summary>A node of registers, merged with one tempting shortcut; the slow model is the judge.</summary>
internal sealed class ShortcutType(Shortcut shortcut) : IReplicatedType<ShortcutType.Node, Operation>, IModelledType<Operation>
{
    public LegalDelivery Delivery => LegalDelivery.CausalOnce;

    public Node Create() => new(shortcut);

    public Operation Draw(Chance chance, Node state, ICausalView view) => chance.Below(10) switch
    {
        0 => new Operation.Create(),
        1 or 2 or 3 => new Operation.Delete(),
        4 or 5 => new Operation.RemoveField("f" + chance.Below(2)),
        6 => new Operation.SetType("person"),
        _ => new Operation.SetField("f" + chance.Below(2), Value.From(chance.Below(100))),
    };

    public Node Apply(Node state, Operation operation, Stamp stamp, ICausalView view)
    {
        state.View = view;
        state.Element.Apply(stamp, operation);
        return state;
    }

    public string Observe(Node state, ICausalView view) => state.Element.Show(Comparer<Stamp>.Create((a, b) => StampOrder.Compare(a, b, view)));

    public string Fold(IReadOnlyList<LawOperation<Operation>> operations) => ElementTests.Show(ElementType.Model(operations).Elements.Values.Single());

    /// <summary>A node with what answers for the operation that is being applied to it.</summary>
    internal sealed class Node
    {
        public Node(Shortcut shortcut) => Element = new(shortcut, (earlier, _) => View!.HappensBefore(earlier));

        public ShortcutElement<Stamp> Element { get; }

        public ICausalView? View { get; set; }
    }
}
