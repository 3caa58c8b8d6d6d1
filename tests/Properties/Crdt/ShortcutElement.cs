using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Tests.Properties.Crdt;

/// <summary>The incremental form of the format's page, written a second time in its own words, with one shortcut taken.</summary>
/// <param name="shortcut">The shortcut.</param>
/// <param name="isBefore">Whether an operation happens before the one being applied.</param>
/// <typeparam name="TAt">What names an operation.</typeparam>
internal sealed class ShortcutElement<TAt>(Shortcut shortcut, Func<TAt, TAt, bool> isBefore)
{
    private List<Entry> _writes = [];
    private readonly Dictionary<string, List<Entry>> _fields = [];

    public bool IsAlive => _writes.Count > 0 && _writes.TrueForAll(w => w.Marks.Count == 0);

    private IEnumerable<Entry> All => _writes.Concat(_fields.Values.SelectMany(entries => entries));

    /// <summary>What shows, field by field; nothing for an element that is not alive.</summary>
    public string Show(IComparer<TAt> stampOrder) => !IsAlive ? "gone" : string.Join(", ", _fields
        .Select(field => (field.Key, Shown: field.Value.Where(e => e.Marks.Count == 0).OrderBy(e => e.At, stampOrder).LastOrDefault()?.Value))
        .Where(field => field.Shown is not null)
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => $"{field.Key}={field.Shown}"));

    /// <summary>Applies an operation behind all that happen before it.</summary>
    public void Apply(TAt at, Operation operation)
    {
        switch (operation)
        {
            case Operation.Delete:
                Delete(at);
                break;
            case Operation.RemoveField remove:
                Enter(remove.Field, at, null);
                if (shortcut == Shortcut.RemovalsPruneWrites)
                {
                    _ = _writes.RemoveAll(w => isBefore(w.At, at));
                }

                break;
            default:
                Write(at);
                if (operation is Operation.SetField set)
                {
                    Enter(set.Field, at, set.Value);
                }
                else if (operation is Operation.SetType type)
                {
                    Enter("(type)", at, Value.From(type.Type));
                }

                break;
        }
    }

    private void Delete(TAt delete)
    {
        if (_writes.Exists(w => !isBefore(w.At, delete)))
        {
            return;
        }

        foreach (var entry in All.Where(e => isBefore(e.At, delete)))
        {
            if (shortcut == Shortcut.OnlyLatestDelete)
            {
                entry.Marks.Clear();
            }

            if (!entry.Marks.Exists(mark => isBefore(mark, delete)))
            {
                entry.Marks.Add(delete);
            }
        }

        if (shortcut == Shortcut.OnlyVisibleWrites)
        {
            _ = _writes.RemoveAll(w => w.Marks.Count > 0);
        }
    }

    private void Write(TAt write)
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
            _ = entry.Marks.RemoveAll(mark => !isBefore(mark, write)
                || (isRecreation && shortcut == Shortcut.ForgetDeletesAtRecreation));
        }

        _writes = [.. _writes.Where(w => !isBefore(w.At, write)), new(write, null)];
    }

    private void Enter(string field, TAt at, Value? value)
    {
        var left = _fields.GetValueOrDefault(field, []).FindAll(e => !isBefore(e.At, at));
        if (value is not null || shortcut != Shortcut.NoTombstoneForFields)
        {
            left.Add(new(at, value));
        }

        _fields[field] = left;
    }

    private sealed record Entry(TAt At, Value? Value)
    {
        public List<TAt> Marks { get; } = [];
    }
}
