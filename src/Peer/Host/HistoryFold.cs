using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Peer.Host;

/// <summary>Goes through the writes on one element in stamp order, and keeps what each found.</summary>
internal sealed class HistoryFold(Target target)
{
    private readonly Dictionary<string, (Value Value, OperationPlaceKey Base)> _fields = [];
    private Value? _type;
    private Value? _parent;

    /// <summary>Takes the next change in stamp order.</summary>
    /// <returns>What it did to the element; empty if nothing.</returns>
    public List<HistoryStep> Take(Change change)
    {
        var steps = new List<HistoryStep>();
        var index = 0;
        foreach (var group in change.Groups)
        {
            foreach (var operation in group.Operations)
            {
                if (group.Target.Equals(target))
                {
                    steps.Add(Take(operation, new(change.Dot, index)));
                }

                index++;
            }
        }

        return steps;
    }

    private HistoryStep Take(Operation operation, OperationPlaceKey place)
    {
        switch (operation)
        {
            case Operation.SetType set:
                return Replace(operation, ref _type, Value.From(set.Type));
            case Operation.Move move:
                return Replace(operation, ref _parent, move.Parent is { } parent ? Value.Reference(parent) : Value.Null);
            case Operation.Delete:
                // What is written from here on finds nothing; a node that comes back is where it was in the tree.
                _fields.Clear();
                _type = null;
                return new(operation, null, null);
            case Operation.SetField set:
                return Write(operation, set.Field, set.Value, default);
            case Operation.SetCounter set:
                return Write(operation, set.Field, Value.From(set.Value), place);
            case Operation.AddCounter add:
                return Add(add);
            case Operation.RemoveField remove:
                var removed = Find(remove.Field);
                _ = _fields.Remove(remove.Field);
                return new(operation, removed, null);
            case Operation.Create or Operation.SetVector or Operation.AddToSet or Operation.RemoveFromSet or Operation.Advisory:
                return new(operation, null, null);
            default:
                throw new UnreachableException($"No case for {operation}.");
        }
    }

    private HistoryStep Add(Operation.AddCounter add)
    {
        var (before, named) = (Find(add.Field), _fields.GetValueOrDefault(add.Field).Base);
        var isCounted = add.Base is { } set ? named == new OperationPlaceKey(set.Change.Dot, set.Index) : named == default;
        // What is added to a value that was set anew meanwhile counts no more.
        var sum = isCounted || before is not { Kind: ValueKind.Integer }
            ? unchecked((before is { Kind: ValueKind.Integer } number ? number.AsInteger() : 0) + add.Delta)
            : before.Value.AsInteger();
        _fields[add.Field] = (Value.From(sum), named);
        return new(add, before, Value.From(sum));
    }

    private HistoryStep Write(Operation operation, string field, Value value, OperationPlaceKey place)
    {
        var before = Find(field);
        _fields[field] = (value, place);
        return new(operation, before, value);
    }

    private Value? Find(string field) => _fields.TryGetValue(field, out var held) ? held.Value : null;

    private static HistoryStep Replace(Operation operation, ref Value? held, Value? value)
    {
        var before = held;
        held = value;
        return new(operation, before, value);
    }

    /// <summary>The set that a counter rests on; the default for none.</summary>
    private readonly record struct OperationPlaceKey(Dot Change, int Index);
}
