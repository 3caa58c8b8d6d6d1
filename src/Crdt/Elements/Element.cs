using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A node's or an edge's merged state. Mutable, one owner.</summary>
/// <remarks>
/// Source: [ORSet] for observed-remove, [DVV] for entries that only a causally later write replaces. Differs: a delete
/// that any concurrent write contests has no effect at all (update-wins-whole), which needs the marks. Equal, under
/// causal delivery, to folding all operations; keeping only the latest delete, or writes only while they are
/// visible, is not.
/// </remarks>
public sealed class Element
{
    private Entry[] _writes = [];
    private readonly SortedDictionary<string, Register> _fields = new(Utf8Order.Instance);

    /// <summary>The antichain of the maximal writes, erased ones too.</summary>
    public ReadOnlySpan<Entry> Writes => _writes;

    /// <summary>The type register of a node.</summary>
    public Register Type { get; private set; }

    /// <summary>The fields by name, ascending by UTF-8 bytes; removed and erased ones too.</summary>
    public IReadOnlyDictionary<string, Register> Fields => _fields;

    /// <summary>Whether at least one write is not erased.</summary>
    public bool IsAlive => _writes.Length > 0 && Array.TrueForAll(_writes, static write => write.IsVisible);

    /// <summary>Whether no operation ever left a trace here.</summary>
    public bool IsEmpty => _writes.Length == 0 && Type.IsEmpty && _fields.Count == 0;

    /// <summary>An element with exactly this content, as it was kept at rest.</summary>
    public static Element FromParts(Entry[] writes, Register type, IEnumerable<KeyValuePair<string, Register>> fields)
    {
        var element = new Element { _writes = writes, Type = type };
        foreach (var (name, register) in fields)
        {
            element._fields.Add(name, register);
        }

        return element;
    }

    /// <summary>A copy with an owner of its own.</summary>
    public Element Clone() => FromParts(_writes, Type, _fields);

    /// <summary>Merges one operation, all that happens before it being merged already.</summary>
    /// <param name="operation">The operation; one without effect on elements changes nothing.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <param name="view">Answers for the operation being applied.</param>
    public void Apply(Operation operation, Stamp stamp, ICausalView view)
    {
        switch (operation)
        {
            case Operation.Create or Operation.Move:
                Write(stamp, view);
                break;
            case Operation.SetType type:
                Write(stamp, view);
                Type = Type.Apply(stamp, Value.From(type.Type), view);
                break;
            case Operation.SetField set:
                Write(stamp, view);
                _fields[set.Field] = _fields.GetValueOrDefault(set.Field).Apply(stamp, set.Value, view);
                break;
            case Operation.RemoveField remove:
                _fields[remove.Field] = _fields.GetValueOrDefault(remove.Field).Apply(stamp, null, view);
                break;
            case Operation.Delete:
                Delete(stamp, view);
                break;
        }
    }

    /// <summary>The type shown; empty where none was set.</summary>
    public string ShownType(ICausalView view) => Type.Winner(view)?.Value?.AsString() ?? "";

    /// <summary>The fields shown with their values, ascending by name.</summary>
    public IEnumerable<KeyValuePair<string, Value>> ShownFields(ICausalView view)
    {
        foreach (var (name, register) in _fields)
        {
            if (register.Winner(view)?.Value is { } value)
            {
                yield return new(name, value);
            }
        }
    }

    private void Write(Stamp stamp, ICausalView view)
    {
        if (_writes.Length == 0 && Type.IsEmpty && _fields.Count == 0)
        {
            _writes = [new(stamp, null, [])];
            return;
        }

        if (HasMarks())
        {
            Type = Type.ContestedBy(view);
            foreach (var name in _fields.Keys.ToArray())
            {
                _fields[name] = _fields[name].ContestedBy(view);
            }
        }

        var kept = Array.FindAll(_writes, write => !view.HappensBefore(write.Stamp));
        _writes = [.. Array.ConvertAll(kept, write => write.ContestedBy(view)), new(stamp, null, [])];
    }

    private bool HasMarks()
    {
        if (!Array.TrueForAll(_writes, static write => write.IsVisible) || HasMarks(Type))
        {
            return true;
        }

        foreach (var register in _fields.Values)
        {
            if (HasMarks(register))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasMarks(Register register)
    {
        foreach (var entry in register.Entries)
        {
            if (!entry.IsVisible)
            {
                return true;
            }
        }

        return false;
    }

    private void Delete(Stamp stamp, ICausalView view)
    {
        if (!Array.TrueForAll(_writes, write => view.HappensBefore(write.Stamp)))
        {
            return;
        }

        _writes = Array.ConvertAll(_writes, write => write.MarkedBy(stamp, view));
        Type = Type.MarkedBy(stamp, view);
        foreach (var name in _fields.Keys.ToArray())
        {
            _fields[name] = _fields[name].MarkedBy(stamp, view);
        }
    }
}
