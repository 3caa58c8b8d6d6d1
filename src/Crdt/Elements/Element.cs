using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A node's or an edge's merged state. Mutable, one owner.</summary>
/// <remarks>
/// Source: [ORSet] for observed-remove, [DVV] for entries that only a causally later write replaces. Differs: a delete
/// that any concurrent write contests has no effect at all (update-wins-whole), which needs the marks. Equal, under
/// causal delivery, to folding all operations; keeping only the latest delete, or writes only while they are
/// visible, is not. Copies share their arrays until one of them writes.
/// </remarks>
/// <param name="isEdge">Whether it is an edge: then it keeps its links.</param>
public sealed class Element(bool isEdge = false)
{
    private Entry[] _writes = [];
    private Field[] _fields = [];
    private bool _hasSharedFields;
    private bool _hasMarks;

    /// <summary>Whether it is an edge.</summary>
    public bool IsEdge => isEdge;

    /// <summary>The antichain of the maximal writes, erased ones too.</summary>
    public ReadOnlySpan<Entry> Writes => _writes;

    /// <summary>The type register of a node.</summary>
    public Register Type { get; private set; }

    /// <summary>The vector register of a node; its values are bytes.</summary>
    public Register Vector { get; private set; }

    /// <summary>The links of an edge: entries without values. The last that shows orders it in a to-one relation.</summary>
    public Register Links { get; private set; }

    /// <summary>The fields ascending by the UTF-8 bytes of their names; removed and erased ones too.</summary>
    public ReadOnlySpan<Field> Fields => _fields;

    /// <summary>Whether at least one write is not erased.</summary>
    public bool IsAlive => _writes.Length > 0 && !Antichain.HasMarks(_writes);

    /// <summary>Whether no operation ever left a trace here.</summary>
    public bool IsEmpty => _writes.Length == 0 && Type.IsEmpty && Vector.IsEmpty && Links.IsEmpty && _fields.Length == 0;

    /// <summary>An element with exactly this content, as it was kept at rest; fields ascend by name.</summary>
    public static Element FromParts(
        Entry[] writes, Field[] fields, Register type = default, Register vector = default, Register links = default, bool isEdge = false)
    {
        var element = new Element(isEdge) { _writes = writes, _fields = fields, Type = type, Vector = vector, Links = links };
        element._hasMarks = element.FindMarks();
        return element;
    }

    /// <summary>A copy with an owner of its own.</summary>
    public Element Clone()
    {
        _hasSharedFields = true;
        return new(isEdge)
        {
            _writes = _writes,
            _fields = _fields,
            _hasSharedFields = true,
            _hasMarks = _hasMarks,
            Type = Type,
            Vector = Vector,
            Links = Links,
        };
    }

    /// <summary>Merges one operation, all that happens before it being merged already.</summary>
    /// <param name="operation">The operation; one without effect on elements changes nothing.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <param name="view">Answers for the operation being applied.</param>
    public void Apply(Operation operation, Stamp stamp, ICausalView view)
    {
        switch (operation)
        {
            case Operation.SetField set:
                Write(stamp, view);
                ref var field = ref FieldFor(set.Field);
                field = field with { Register = field.Register.Apply(stamp, set.Value, view) };
                break;
            case Operation.Create:
                Write(stamp, view);
                Links = isEdge ? Links.Apply(stamp, null, view) : default;
                break;
            case Operation.SetType type:
                Write(stamp, view);
                Type = Type.Apply(stamp, Value.From(type.Type), view);
                break;
            case Operation.SetVector { Vector: { } vector }:
                Write(stamp, view);
                Vector = Vector.Apply(stamp, Value.From(vector.Bytes.ToArray()), view);
                break;
            case Operation.SetVector:
                Vector = Vector.Apply(stamp, null, view);
                break;
            case Operation.Move:
                Write(stamp, view);
                break;
            case Operation.RemoveField remove:
                ref var removed = ref FieldFor(remove.Field);
                removed = removed.RemovedBy(stamp, view);
                break;
            case Operation.Delete:
                Delete(stamp, view);
                break;
            default:
                ApplyToKind(operation, stamp, view);
                break;
        }
    }

    /// <summary>The field of a name; an empty one if nothing was ever written under it.</summary>
    public Field FieldOf(string name) => Find(name) is >= 0 and var at ? _fields[at] : new(name, default);

    /// <summary>The type shown; empty where none was set.</summary>
    public string ShownType(ICausalView view) => Type.Winner(view)?.Value?.AsString() ?? "";

    /// <summary>The fields shown with their values, ascending by name.</summary>
    public IEnumerable<KeyValuePair<string, Value>> ShownFields(ICausalView view)
    {
        foreach (var field in _fields)
        {
            if (field.Shown(view) is { } shown)
            {
                yield return new(field.Name, shown.Value);
            }
        }
    }

    private void ApplyToKind(Operation operation, Stamp stamp, ICausalView view)
    {
        switch (operation)
        {
            case Operation.SetCounter set:
                Write(stamp, view);
                ref var counter = ref FieldFor(set.Field);
                counter = counter with { Counter = (counter.Counter ?? Counter.Empty).Set(stamp, set.Value, view) };
                break;
            case Operation.AddCounter add:
                Write(stamp, view);
                ref var summed = ref FieldFor(add.Field);
                summed = summed with { Counter = (summed.Counter ?? Counter.Empty).Add(stamp, add.Delta, add.Base, view) };
                break;
            case Operation.AddToSet add:
                Write(stamp, view);
                ref var grown = ref FieldFor(add.Field);
                grown = grown with { Set = (grown.Set ?? SetMembers.Empty).Add(stamp, add.Value, view) };
                break;
            case Operation.RemoveFromSet remove when Find(remove.Field) >= 0:
                ref var shrunk = ref FieldFor(remove.Field);
                shrunk = shrunk.WithoutFromSet(remove.Value, view);
                if (shrunk.IsEmpty)
                {
                    RemoveAt(Find(remove.Field));
                }

                break;
        }
    }

    private void Write(Stamp stamp, ICausalView view)
    {
        if (_hasMarks)
        {
            Type = Type.ContestedBy(view);
            Vector = Vector.ContestedBy(view);
            Links = Links.ContestedBy(view);
            _writes = Antichain.Contest(_writes, view);
            _fields = Array.ConvertAll(_fields, field => field.ContestedBy(view));
            _hasSharedFields = false;
        }

        _writes = Antichain.Add(_writes, new(stamp, null, []), view);
        _hasMarks = _hasMarks && FindMarks();
    }

    private void Delete(Stamp stamp, ICausalView view)
    {
        foreach (ref readonly var write in _writes.AsSpan())
        {
            if (!view.HappensBefore(write.Stamp))
            {
                // Contested, for good: it leaves nothing.
                return;
            }
        }

        _writes = Antichain.Mark(_writes, stamp, view);
        Type = Type.MarkedBy(stamp, view);
        Vector = Vector.MarkedBy(stamp, view);
        Links = Links.MarkedBy(stamp, view);
        _fields = Array.ConvertAll(_fields, field => field.MarkedBy(stamp, view));
        _hasSharedFields = false;
        _hasMarks = true;
    }

    private bool FindMarks() => Antichain.HasMarks(_writes) || Antichain.HasMarks(Type.Entries) || Antichain.HasMarks(Vector.Entries)
        || Antichain.HasMarks(Links.Entries) || Array.Exists(_fields, static field => field.HasMarks);

    /// <summary>The place of a field that is about to be changed; made if it is not there.</summary>
    private ref Field FieldFor(string name)
    {
        var at = Find(name);
        if (at < 0)
        {
            at = ~at;
            var more = new Field[_fields.Length + 1];
            _fields.AsSpan(0, at).CopyTo(more);
            more[at] = new(name, default);
            _fields.AsSpan(at).CopyTo(more.AsSpan(at + 1));
            _fields = more;
            _hasSharedFields = false;
        }
        else if (_hasSharedFields)
        {
            _fields = (Field[])_fields.Clone();
            _hasSharedFields = false;
        }

        return ref _fields[at];
    }

    private void RemoveAt(int at)
    {
        _fields = [.. _fields.AsSpan(0, at), .. _fields.AsSpan(at + 1)];
        _hasSharedFields = false;
    }

    /// <summary>Where a field is; the complement of where it belongs if it is not there.</summary>
    private int Find(string name)
    {
        var (low, high) = (0, _fields.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Utf8Order.Instance.Compare(_fields[middle].Name, name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
