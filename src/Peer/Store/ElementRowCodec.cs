using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Store;

/// <summary>Elements at rest: shown values once, as JSON; everything else in a compact blob beside it.</summary>
/// <remarks>
/// Blob, in MessagePack items one after the other: version 1 · n, then n times (time, branch, seq), the distinct
/// changes · the writes' entries · the type's entries · n, then n fields ascending by name: the name, or nil for
/// "the next property of the JSON"; its entries. Entries: n, then n times (change number, operation index,
/// number of marks, marks as (change number, index), value). Value: nil none · true the one shown in JSON or type
/// column · else [value].
/// </remarks>
internal static class ElementRowCodec
{
    private const ulong Version = 1;
    private const int CountMax = 1 << 24;

    /// <summary>Encodes an element as it is now.</summary>
    public static ElementRow Encode(Element element, ICausalView view)
    {
        var data = new ArrayBufferWriter<byte>(128);
        ValueJson.WriteMap(new CanonicalJson(data), element.ShownFields(view));
        var clocks = new ArrayBufferWriter<byte>(64);
        var output = new MessagePackWriter(clocks);
        output.Write(Version);
        var changes = ListChanges(element);
        output.Write((ulong)changes.Count);
        foreach (var (time, branch, seq) in changes.Keys)
        {
            output.Write(time.Value);
            output.Write((ulong)branch.Value);
            output.Write(seq);
        }

        WriteEntries(output, element.Writes, null, changes);
        WriteEntries(output, element.Type.Entries, element.Type.Winner(view), changes);
        output.Write((ulong)element.Fields.Count);
        foreach (var (name, register) in element.Fields)
        {
            var winner = register.Winner(view);
            if (winner is { Value: not null })
            {
                output.WriteNil();
            }
            else
            {
                output.Write(name);
            }

            WriteEntries(output, register.Entries, winner, changes);
        }

        return new(element.IsAlive, element.ShownType(view), data.WrittenMemory, clocks.WrittenMemory);
    }

    /// <summary>Decodes a row that <see cref="Encode"/> made.</summary>
    /// <exception cref="EncodingException">The row was damaged or changed by hand.</exception>
    public static Element Decode(in ElementRow row)
    {
        if (row.Clocks.IsEmpty)
        {
            return new Element();
        }

        try
        {
            var input = new MessagePackReader(row.Clocks.Span);
            if (input.ReadUInt64() != Version)
            {
                throw input.Error("the blob has an unknown version");
            }

            var changes = new (HybridTimestamp Time, BranchId Branch, ulong Seq)[input.ReadInt32(CountMax)];
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] = (new(input.ReadUInt64()), new(input.ReadInt32(int.MaxValue)), input.ReadUInt64());
            }

            var writes = ReadEntries(ref input, default, changes);
            var type = ReadEntries(ref input, Value.From(row.Type), changes);
            var fields = new KeyValuePair<string, Register>[input.ReadInt32(CountMax)];
            var json = new Utf8JsonReader(row.Data.Span, new JsonReaderOptions { MaxDepth = ValueJson.DepthMax });
            _ = json.Read();
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i] = ReadField(ref input, ref json, changes);
            }

            input.ReadEnd();
            return Element.FromParts(writes, Register.FromEntries(type), fields);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new EncodingException($"A stored element is damaged: {fault.Message}");
        }
    }

    private static KeyValuePair<string, Register> ReadField(
        ref MessagePackReader input, ref Utf8JsonReader json, (HybridTimestamp, BranchId, ulong)[] changes)
    {
        if (!input.TryReadNil())
        {
            return new(input.ReadString(ValueLimits.NameBytesMax), Register.FromEntries(ReadEntries(ref input, default, changes)));
        }

        _ = json.Read();
        var name = json.GetString() ?? throw input.Error("the JSON has too few properties");
        _ = json.Read();
        return new(name, Register.FromEntries(ReadEntries(ref input, ValueJson.Read(ref json), changes)));
    }

    private static OrderedDictionary<(HybridTimestamp Time, BranchId Branch, ulong Seq), int> ListChanges(Element element)
    {
        var changes = new OrderedDictionary<(HybridTimestamp, BranchId, ulong), int>();
        List(element.Writes);
        List(element.Type.Entries);
        foreach (var register in element.Fields.Values)
        {
            List(register.Entries);
        }

        return changes;

        void List(ReadOnlySpan<Entry> entries)
        {
            foreach (var entry in entries)
            {
                _ = changes.TryAdd((entry.Stamp.Time, entry.Stamp.Branch, entry.Stamp.Seq), changes.Count);
                foreach (var mark in entry.Marks)
                {
                    _ = changes.TryAdd((mark.Time, mark.Branch, mark.Seq), changes.Count);
                }
            }
        }
    }

    private static void WriteEntries(
        MessagePackWriter output,
        ReadOnlySpan<Entry> entries,
        Entry? winner,
        OrderedDictionary<(HybridTimestamp, BranchId, ulong), int> changes)
    {
        output.Write((ulong)entries.Length);
        foreach (var entry in entries)
        {
            WriteStamp(output, entry.Stamp, changes);
            output.Write((ulong)entry.Marks.Length);
            foreach (var mark in entry.Marks)
            {
                WriteStamp(output, mark, changes);
            }

            if (entry.Value is not { } value)
            {
                output.WriteNil();
            }
            else if (entry.Stamp == winner?.Stamp)
            {
                output.Write(true);
            }
            else
            {
                output.WriteArrayHeader(1);
                ValueCodec.Write(output, value);
            }
        }
    }

    private static void WriteStamp(
        MessagePackWriter output, Stamp stamp, OrderedDictionary<(HybridTimestamp, BranchId, ulong), int> changes)
    {
        output.Write((ulong)changes[(stamp.Time, stamp.Branch, stamp.Seq)]);
        output.Write((ulong)stamp.Index);
    }

    private static Entry[] ReadEntries(
        ref MessagePackReader input, Value shown, (HybridTimestamp Time, BranchId Branch, ulong Seq)[] changes)
    {
        var entries = new Entry[input.ReadInt32(CountMax)];
        for (var i = 0; i < entries.Length; i++)
        {
            var stamp = ReadStamp(ref input, changes);
            var marks = input.ReadInt32(CountMax) is > 0 and var count ? new Stamp[count] : [];
            for (var m = 0; m < marks.Length; m++)
            {
                marks[m] = ReadStamp(ref input, changes);
            }

            entries[i] = new(stamp, input.TryReadNil() ? null : ReadValue(ref input, shown), marks);
        }

        return entries;
    }

    private static Value ReadValue(ref MessagePackReader input, Value shown)
    {
        if (input.NextType() == MessagePackType.Boolean)
        {
            return input.ReadBoolean() ? shown : throw input.Error("a value is marked false");
        }

        input.ReadArrayHeaderExactly(1);
        return ValueCodec.Read(ref input);
    }

    private static Stamp ReadStamp(ref MessagePackReader input, (HybridTimestamp Time, BranchId Branch, ulong Seq)[] changes)
    {
        var (time, branch, seq) = changes[input.ReadInt32(changes.Length - 1)];
        return new(time, branch, seq, input.ReadInt32(int.MaxValue));
    }
}
