using Replica.Crdt.Causality;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Store;

/// <summary>Reads what <see cref="KindWriter"/> wrote.</summary>
internal ref struct KindReader(ReadOnlySpan<byte> blob)
{
    private const int CountMax = 1 << 24;

    private MessagePackReader _input = new(blob);
    private (HybridTimestamp Time, BranchId Branch, ulong Seq)[] _changes = [];

    public int Number(int max) => _input.ReadInt32(max);

    public string Name() => _input.ReadString(ValueLimits.NameBytesMax);

    public readonly void End() => _input.ReadEnd();

    public void ReadTable()
    {
        _changes = new (HybridTimestamp, BranchId, ulong)[Count()];
        for (var i = 0; i < _changes.Length; i++)
        {
            _changes[i] = (new(_input.ReadUInt64()), new(_input.ReadInt32(int.MaxValue)), _input.ReadUInt64());
        }
    }

    /// <summary>The parts of a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kinds">1 register, 2 counter, 4 set.</param>
    /// <param name="shown">Which of them shows.</param>
    /// <param name="value">What it shows.</param>
    public Field Field(string name, int kinds, FieldKind shown, Value value)
    {
        var register = (kinds & 1) == 0 ? default : Register.FromEntries(Entries(shown == FieldKind.Register ? value : default));
        var counter = (kinds & 2) == 0 ? null : Counter();
        var set = (kinds & 4) == 0 ? null : Set(shown == FieldKind.Set ? value.AsSet() : []);
        return new(name, register, counter, set);
    }

    public Entry[] Entries(Value shown)
    {
        var entries = new Entry[Count()];
        for (var i = 0; i < entries.Length; i++)
        {
            var stamp = ReadStamp();
            var marks = Stamps();
            entries[i] = new(stamp, _input.TryReadNil() ? null : IsShown() ? shown : ValueCodec.Read(ref _input), marks);
        }

        return entries;
    }

    private Counter Counter()
    {
        var origins = Stamps();
        var heads = Entries(default);
        var sums = new CounterSum[Count()];
        for (var i = 0; i < sums.Length; i++)
        {
            var place = Number(heads.Length);
            sums[i] = new(place == 0 ? null : heads[place - 1].Stamp, Stamps(), _input.ReadInt64(), ReadStamp());
        }

        return Crdt.Elements.Counter.FromParts(origins, heads, sums);
    }

    private SetMembers Set(IReadOnlyList<Value> shown)
    {
        var members = new SetMember[Count()];
        var next = 0;
        for (var i = 0; i < members.Length; i++)
        {
            if (!IsShown())
            {
                var hidden = ValueCodec.Read(ref _input);
                members[i] = new(ValueCodec.ToBytes(hidden), hidden, Entries(default));
                continue;
            }

            var value = next < shown.Count ? shown[next++] : throw _input.Error("the JSON's set has too few values");
            members[i] = new(ValueCodec.ToBytes(value), value, Entries(default));
        }

        return SetMembers.FromMembers(members);
    }

    private bool IsShown()
    {
        if (_input.NextType() == MessagePackType.Boolean)
        {
            return _input.ReadBoolean() ? true : throw _input.Error("a value is marked false");
        }

        _input.ReadArrayHeaderExactly(1);
        return false;
    }

    private Stamp[] Stamps()
    {
        var count = Count();
        if (count == 0)
        {
            return [];
        }

        var stamps = new Stamp[count];
        for (var i = 0; i < count; i++)
        {
            stamps[i] = ReadStamp();
        }

        return stamps;
    }

    /// <summary>A count of things of at least one byte each, checked before room is made.</summary>
    private int Count()
    {
        var count = _input.ReadInt32(CountMax);
        return count <= _input.Remaining ? count : throw _input.Error($"{count} things are announced and {_input.Remaining} bytes are left");
    }

    private Stamp ReadStamp()
    {
        var (time, branch, seq) = _changes[_input.ReadInt32(_changes.Length - 1)];
        return new(time, branch, seq, _input.ReadInt32(int.MaxValue));
    }
}
