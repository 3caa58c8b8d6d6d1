using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Testing.Model;

namespace Replica.Tests.Properties.Crdt;

/// <summary>The incremental form of the format's page, written a second time in its own words, with one shortcut taken.</summary>
internal sealed class ShortcutElement(Shortcut shortcut)
{
    private List<Entry> _writes = [];
    private readonly Dictionary<string, List<Entry>> _fields = [];

    public bool IsAlive => _writes.Count > 0 && _writes.TrueForAll(w => w.Marks.Count == 0);

    private IEnumerable<Entry> All => _writes.Concat(_fields.Values.SelectMany(entries => entries));

    public static ShortcutElement Fold(Shortcut shortcut, IEnumerable<ModelOperation> operations)
    {
        var element = new ShortcutElement(shortcut);
        foreach (var operation in operations)
        {
            element.Apply(operation);
        }

        return element;
    }

    /// <summary>What shows, field by field; nothing for an element that is not alive.</summary>
    public string Show() => !IsAlive ? "gone" : string.Join(", ", _fields
        .Select(field => (field.Key, Shown: field.Value.Where(e => e.Marks.Count == 0).OrderBy(e => e.At, StampOrder).LastOrDefault()?.Value))
        .Where(field => field.Shown is not null)
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => $"{field.Key}={field.Shown}"));

    private static readonly Comparer<ModelOperation> StampOrder = Comparer<ModelOperation>.Create((a, b) => a.CompareStamp(b));

    private void Apply(ModelOperation op)
    {
        switch (op.Operation)
        {
            case Operation.Delete:
                Delete(op);
                break;
            case Operation.RemoveField remove:
                Enter(remove.Field, op, null);
                if (shortcut == Shortcut.RemovalsPruneWrites)
                {
                    _ = _writes.RemoveAll(w => w.At.IsBefore(op));
                }

                break;
            default:
                Write(op);
                if (op.Operation is Operation.SetField set)
                {
                    Enter(set.Field, op, set.Value);
                }
                else if (op.Operation is Operation.SetType type)
                {
                    Enter("(type)", op, Value.From(type.Type));
                }

                break;
        }
    }

    private void Delete(ModelOperation delete)
    {
        if (_writes.Exists(w => !w.At.IsBefore(delete)))
        {
            return;
        }

        foreach (var entry in All.Where(e => e.At.IsBefore(delete)))
        {
            if (shortcut == Shortcut.OnlyLatestDelete)
            {
                entry.Marks.Clear();
            }

            if (!entry.Marks.Exists(mark => mark.IsBefore(delete)))
            {
                entry.Marks.Add(delete);
            }
        }

        if (shortcut == Shortcut.OnlyVisibleWrites)
        {
            _ = _writes.RemoveAll(w => w.Marks.Count > 0);
        }
    }

    private void Write(ModelOperation write)
    {
        var isRecreation = _writes.Count > 0 && !IsAlive;
        if (isRecreation && shortcut == Shortcut.DropHiddenAtRecreation)
        {
            foreach (var entries in _fields.Values)
            {
                _ = entries.RemoveAll(e => e.Marks.Count > 0);
            }
        }

        foreach (var entry in All)
        {
            _ = entry.Marks.RemoveAll(mark => !mark.IsBefore(write)
                || (isRecreation && shortcut == Shortcut.ForgetDeletesAtRecreation));
        }

        _writes = [.. _writes.Where(w => !w.At.IsBefore(write)), new(write, null)];
    }

    private void Enter(string field, ModelOperation op, Value? value)
    {
        var left = _fields.GetValueOrDefault(field, []).FindAll(e => !e.At.IsBefore(op));
        if (value is not null || shortcut != Shortcut.NoTombstoneForFields)
        {
            left.Add(new(op, value));
        }

        _fields[field] = left;
    }

    private sealed record Entry(ModelOperation At, Value? Value)
    {
        public List<ModelOperation> Marks { get; } = [];
    }
}
