using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Laws;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;

namespace Replica.Tests.Properties.Laws;

/// <summary>A node with its type and registers, as the store merges and keeps it.</summary>
internal class ElementType : IReplicatedType<Element, Operation>, IEncodedState<Element>, IEncodedOperation<Operation>, IModelledType<Operation>
{
    private static readonly Target s_node = new Target.Node("n");

    public LegalDelivery Delivery => LegalDelivery.CausalOnce;

    public Element Create() => new();

    public Operation Draw(Chance chance, Element state, ICausalView view)
    {
        var field = "f" + chance.Below(2);
        return chance.Below(16) switch
        {
            0 => new Operation.Create(),
            1 or 2 => new Operation.Delete(),
            3 => new Operation.SetType(chance.Pick(["", "person"])),
            4 => new Operation.SetVector(chance.Percent(30) ? null : VectorBytes.From([chance.Below(3)])),
            5 => new Operation.RemoveField(field),
            6 => new Operation.SetCounter(field, chance.Below(10)),
            7 or 8 or 9 => new Operation.AddCounter(field, chance.Between(-9, 9), BaseOf(state.FieldOf(field), view)),
            10 or 11 => new Operation.AddToSet(field, Value.From((long)chance.Below(3))),
            12 => new Operation.RemoveFromSet(field, Value.From((long)chance.Below(3))),
            _ => new Operation.SetField(field, NextValue(chance)),
        };
    }

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
            LedgerState.AddConflicts(lines, s_node, state, view);
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join(" | ", lines);
    }

    public string Fold(IReadOnlyList<LawOperation<Operation>> operations) => string.Join(" | ", Model(operations).ToLines());

    /// <summary>The slow model of a law's history.</summary>
    public static SlowModel Model(IReadOnlyList<LawOperation<Operation>> operations)
    {
        // The model wants changes with real chains; stamp order is an order in which they can be made.
        var heads = new Dictionary<Dot, ChainHead>();
        var changes = new List<Change>();
        foreach (var operation in operations.OrderBy(one => one.Stamp.Time).ThenBy(one => one.Stamp.Branch.Value))
        {
            var change = ChangeOf(operation, heads);
            heads[change.Dot] = heads.GetValueOrDefault(change.Dot with { Seq = change.Dot.Seq - 1 }, ChainHead.Empty).Append(change.Hash());
            changes.Add(change);
        }

        return SlowModel.Fold(changes);
    }

    public byte[] Encode(Element state, ICausalView view)
    {
        var row = ElementRowCodec.Encode(state, view);
        ReadOnlyMemory<byte>[] parts = [Encoding.UTF8.GetBytes(row.Type), row.Data, row.Clocks, row.Vector];
        return Encoding.UTF8.GetBytes(string.Join('\n', [row.IsAlive.ToString(), .. parts.Select(part => Convert.ToHexString(part.Span))]));
    }

    public Element Decode(byte[] bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split('\n');
        var type = Encoding.UTF8.GetString(Convert.FromHexString(parts[1]));
        return ElementRowCodec.Decode(new(bool.Parse(parts[0]), type, Convert.FromHexString(parts[2]), Convert.FromHexString(parts[3]))
        {
            Vector = Convert.FromHexString(parts[4]),
        });
    }

    public byte[] Encode(Operation operation) => ChangeOf(new(operation, new(new(1), new(0), 2, 0), new()), []).Bytes.ToArray();

    Operation IEncodedOperation<Operation>.Decode(byte[] bytes) => ChangeCodec.Decode(bytes).Groups[0].Operations[0];

    private static Value NextValue(Chance chance) => chance.Percent(80) ? Value.From((long)chance.Below(10)) : ValueGenerator.Next(chance);

    /// <summary>What an honest author names, as a transaction does.</summary>
    private static OperationPlace? BaseOf(Field field, ICausalView view) => field.Counter?.Base(view) is { Stamp: var stamp }
        ? new(new(view.LogOf(stamp.Branch), stamp.Seq, view.HeadOf(stamp.Branch, stamp.Seq)), stamp.Index)
        : null;

    private static Change ChangeOf(LawOperation<Operation> operation, Dictionary<Dot, ChainHead> heads)
    {
        var deps = operation.Known.Entries().Where(seen => seen.Key != operation.Stamp.Branch)
            .Select(seen => new Dot(LawView.LogOf(seen.Key.Value), seen.Value))
            .Select(dot => new Position(dot.Log, dot.Seq, heads.GetValueOrDefault(dot).Prefix)).Order();
        return ChangeCodec.Encode(
            new(LawView.LogOf(operation.Stamp.Branch.Value), operation.Stamp.Seq),
            operation.Stamp.Time,
            [.. deps],
            [new(s_node, [WithHead(operation.Operation, heads)])]);
    }

    private static Operation WithHead(Operation operation, Dictionary<Dot, ChainHead> heads) =>
        operation is Operation.AddCounter { Base: { } named } add && heads.TryGetValue(named.Change.Dot, out var head)
            ? add with { Base = named with { Change = named.Change with { Head = head.Prefix } } }
            : operation;
}
