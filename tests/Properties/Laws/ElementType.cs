using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Testing.Laws;
using Replica.Testing.Model;

namespace Replica.Tests.Properties.Laws;

/// <summary>A node with its type and registers, as the store merges and keeps it.</summary>
internal class ElementType : IReplicatedType<Element, Operation>, IEncodedState<Element>, IEncodedOperation<Operation>, IModelledType<Operation>
{
    private static readonly Target s_node = new Target.Node("n");

    public LegalDelivery Delivery => LegalDelivery.CausalOnce;

    public Element Create() => new();

    public Operation Draw(Chance chance, Element state, ICausalView view) => chance.Below(13) switch
    {
        0 => new Operation.Create(),
        1 or 2 => new Operation.Delete(),
        3 => new Operation.SetType(chance.Pick(["", "person"])),
        4 => new Operation.RemoveField("f" + chance.Below(2)),
        8 => new Operation.SetCounter("f" + chance.Below(2), chance.Below(10)),

        // The laws' histories have no chain whose heads an add could name.
        9 => new Operation.AddCounter("f" + chance.Below(2), chance.Below(10), null),
        10 => new Operation.AddToSet("f" + chance.Below(2), Value.From((long)chance.Below(3))),
        11 => new Operation.RemoveFromSet("f" + chance.Below(2), Value.From((long)chance.Below(3))),
        12 => new Operation.SetVector(chance.Percent(30) ? null : VectorBytes.From([chance.Below(3)])),
        _ => new Operation.SetField("f" + chance.Below(2), ValueGenerator(chance)),
    };

    public virtual Element Apply(Element state, Operation operation, Stamp stamp, ICausalView view)
    {
        state.Apply(operation, stamp, view);
        return state;
    }

    public string Observe(Element state, ICausalView view)
    {
        var lines = new List<string>();
        if (state.IsAlive)
        {
            lines.Add(StateLines.Element(s_node, state.ShownType(view), state.Vector.Winner(view)?.Value, state.ShownFields(view)));
        }

        foreach (var conflict in ConflictList.Of(state, view))
        {
            AddConflicts(lines, conflict, view);
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join(" | ", lines);
    }

    public string Fold(IReadOnlyList<LawOperation<Operation>> operations) =>
        string.Join(" | ", SlowModel.Fold(operations.Select(ChangeOf)).ToLines());

    public byte[] Encode(Element state, ICausalView view)
    {
        var row = ElementRowCodec.Encode(state, view);
        return Encoding.UTF8.GetBytes(string.Join('\n', row.IsAlive, row.Type, Convert.ToHexString(row.Data.Span), Convert.ToHexString(row.Clocks.Span),
            Convert.ToHexString(row.Vector.Span)));
    }

    public Element Decode(byte[] bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split('\n');
        return ElementRowCodec.Decode(new(
            bool.Parse(parts[0]), parts[1], Convert.FromHexString(parts[2]), Convert.FromHexString(parts[3]))
        {
            Vector = Convert.FromHexString(parts[4]),
        });
    }

    public byte[] Encode(Operation operation) => ChangeOf(new(operation, new(new(1), new(0), 2, 0), new())).Bytes.ToArray();

    Operation IEncodedOperation<Operation>.Decode(byte[] bytes) => ChangeCodec.Decode(bytes).Groups[0].Operations[0];

    private static Value ValueGenerator(Chance chance) => chance.Percent(80)
        ? Value.From((long)chance.Below(10))
        : Testing.Histories.ValueGenerator.Next(chance);

    private static void AddConflicts(List<string> lines, ElementConflict conflict, ICausalView view)
    {
        var name = conflict.Place switch
        {
            ConflictPlace.Field => $"field {conflict.Name}",
            ConflictPlace.Vector => "vector",
            _ => "type",
        };
        lines.AddRange(conflict.Losers.Select(lost => StateLines.Conflict(
            s_node, name, new Dot(view.LogOf(lost.Stamp.Branch), lost.Stamp.Seq), lost.Stamp.Index, lost.Value)));
    }

    private static Change ChangeOf(LawOperation<Operation> operation)
    {
        var deps = operation.Known.Entries().Where(seen => seen.Key != operation.Stamp.Branch)
            .Select(static seen => new Position(LawView.LogOf(seen.Key.Value), seen.Value, default)).Order();
        return ChangeCodec.Encode(
            new(LawView.LogOf(operation.Stamp.Branch.Value), operation.Stamp.Seq),
            operation.Stamp.Time,
            [.. deps],
            [new(s_node, [operation.Operation])]);
    }
}
