using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Tests.Properties.Laws;

/// <summary>Wrong on purpose: a delete makes an empty element, as if nobody could have written what it had not seen.</summary>
internal sealed class ForgetfulElementType : ElementType
{
    public override Element Apply(Element state, Operation operation, Stamp stamp, ICausalView view) =>
        operation is Operation.Delete ? Create() : base.Apply(state, operation, stamp, view);
}
