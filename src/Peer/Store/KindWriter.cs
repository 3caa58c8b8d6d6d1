using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Store;

/// <summary>Writes the parts of a stored element's blob.</summary>
/// <remarks>
/// A register: its entries. A counter: n origins (stamps); the entries of its sets; n sums of (base: 0 none, else the
/// set's place from 1; number of marks, marks; sum; the last add). A set: n members of (true if it shows and is the next
/// in the JSON's set, else [value]; its entries).
/// </remarks>
internal readonly ref struct KindWriter(ArrayBufferWriter<byte> buffer, StampTable changes, ICausalView view)
{
    private readonly MessagePackWriter _output = new(buffer);
    private readonly StampTable _changes = changes;
    private readonly ICausalView _view = view;

    public void Number(ulong number) => _output.Write(number);

    public void WriteTable()
    {
        _output.Write((ulong)_changes.Count);
        foreach (var (time, branch, seq) in _changes.Changes)
        {
            _output.Write(time.Value);
            _output.Write((ulong)branch.Value);
            _output.Write(seq);
        }
    }

    public void Field(in Field field)
    {
        var shown = field.Shown(_view)?.Kind ?? FieldKind.None;
        var kinds = (field.Register.IsEmpty ? 0 : 1) | (field.Counter is null ? 0 : 2) | (field.Set is null ? 0 : 4);
        _output.Write((ulong)(kinds | ((int)shown << 3)));
        if (shown == FieldKind.None)
        {
            _output.Write(field.Name);
        }

        if (!field.Register.IsEmpty)
        {
            Entries(field.Register.Entries, shown == FieldKind.Register ? field.Register.Winner(_view)?.Stamp : null);
        }

        if (field.Counter is { } counter)
        {
            Counter(counter);
        }

        if (field.Set is { } set)
        {
            _output.Write((ulong)set.Members.Length);
            foreach (ref readonly var member in set.Members)
            {
                Value(member.Value, shown == FieldKind.Set && member.IsVisible);
                Entries(member.Entries, null);
            }
        }
    }

    public void Entries(ReadOnlySpan<Entry> entries, Stamp? shown)
    {
        _output.Write((ulong)entries.Length);
        foreach (ref readonly var entry in entries)
        {
            WriteStamp(entry.Stamp);
            Marks(entry.Marks);
            if (entry.Value is { } value)
            {
                Value(value, entry.Stamp == shown);
            }
            else
            {
                _output.WriteNil();
            }
        }
    }

    private void Counter(Counter counter)
    {
        _output.Write((ulong)counter.Origins.Length);
        foreach (var origin in counter.Origins)
        {
            WriteStamp(origin);
        }

        Entries(counter.Heads, null);
        _output.Write((ulong)counter.Sums.Length);
        foreach (ref readonly var sum in counter.Sums)
        {
            _output.Write((ulong)(sum.Base is { } named ? PlaceOf(counter.Heads, named) : 0));
            Marks(sum.Marks);
            _output.Write(sum.Sum);
            WriteStamp(sum.Latest);
        }
    }

    private static int PlaceOf(ReadOnlySpan<Entry> heads, Stamp named)
    {
        var at = 0;
        while (heads[at].Stamp != named)
        {
            at++;
        }

        return at + 1;
    }

    private void Value(Value value, bool isShown)
    {
        if (isShown)
        {
            _output.Write(true);
            return;
        }

        _output.WriteArrayHeader(1);
        ValueCodec.Write(_output, value);
    }

    private void Marks(ReadOnlySpan<Stamp> marks)
    {
        _output.Write((ulong)marks.Length);
        foreach (var mark in marks)
        {
            WriteStamp(mark);
        }
    }

    private void WriteStamp(Stamp stamp)
    {
        _output.Write((ulong)_changes[stamp]);
        _output.Write((ulong)stamp.Index);
    }
}
