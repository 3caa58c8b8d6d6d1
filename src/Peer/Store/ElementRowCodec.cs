using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Store;

/// <summary>Elements at rest: shown values once, as JSON and vector; everything else in a compact blob beside it.</summary>
/// <remarks>
/// Blob, in MessagePack items one after the other: version 1 · n, then n times (time, branch, seq), the distinct
/// changes · the entries of the writes, the type, the vector, the links · n, then n fields ascending by name: kinds (1
/// register, 2 counter, 4 set, or'ed) plus 8 times the kind shown; the name, unless a kind shows: then it is the next
/// property of the JSON; the parts of each kind (see <see cref="KindWriter"/>). Entries: n, then n times (change
/// number, operation index, number of marks, marks as (change number, index), value). Value: nil none · true the one
/// shown beside the blob · else [value].
/// </remarks>
internal static class ElementRowCodec
{
    private const ulong Version = 1;
    private const int CountMax = 1 << 24;
    private const int KindsMax = 31;

    /// <summary>Encodes an element as it is now.</summary>
    public static ElementRow Encode(Element element, ICausalView view)
    {
        var data = new ArrayBufferWriter<byte>(128);
        ValueJson.WriteMap(new CanonicalJson(data), element.ShownFields(view));
        var clocks = new ArrayBufferWriter<byte>(64);
        var output = new KindWriter(clocks, StampTable.Of(element), view);
        output.Number(Version);
        output.WriteTable();
        output.Entries(element.Writes, null);
        output.Entries(element.Type.Entries, element.Type.Winner(view)?.Stamp);
        output.Entries(element.Vector.Entries, element.Vector.Winner(view)?.Stamp);
        output.Entries(element.Links.Entries, null);
        output.Number((ulong)element.Fields.Length);
        foreach (ref readonly var field in element.Fields)
        {
            output.Field(field);
        }

        return new(element.IsAlive, element.ShownType(view), data.WrittenMemory, clocks.WrittenMemory)
        {
            Vector = element.Vector.Winner(view)?.Value?.AsBytes() ?? default,
            Link = element.Links.Winner(view)?.Stamp,
            HasConflicts = ConflictList.Of(element, view).Count > 0,
        };
    }

    /// <summary>Decodes a row that <see cref="Encode"/> made.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isEdge">Whether it is an edge's.</param>
    /// <exception cref="EncodingException">The row was damaged or changed by hand.</exception>
    public static Element Decode(in ElementRow row, bool isEdge = false)
    {
        if (row.Clocks.IsEmpty)
        {
            return new Element(isEdge);
        }

        try
        {
            var input = Open(row);
            var writes = input.Entries(default);
            var type = input.Entries(Value.From(row.Type));
            var vector = input.Entries(Value.From(row.Vector.ToArray()));
            var links = input.Entries(default);
            var fields = new Field[input.Number(CountMax)];
            var json = new Utf8JsonReader(row.Data.Span, new JsonReaderOptions { MaxDepth = ValueJson.DepthMax });
            _ = json.Read();
            for (var i = 0; i < fields.Length; i++)
            {
                var kinds = input.Number(KindsMax);
                var shown = (FieldKind)(kinds >> 3);
                var (name, value) = shown == FieldKind.None ? (input.Name(), default) : ReadProperty(ref json);
                fields[i] = input.Field(name, kinds, shown, value);
            }

            input.End();
            return Element.FromParts(
                writes, fields, Register.FromEntries(type), Register.FromEntries(vector), Register.FromEntries(links), isEdge);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new EncodingException($"A stored element is damaged: {fault.Message}");
        }
    }

    private static KindReader Open(in ElementRow row)
    {
        var input = new KindReader(row.Clocks.Span);
        if (input.Number(int.MaxValue) != (int)Version)
        {
            throw new EncodingException("A stored element has an unknown version.");
        }

        input.ReadTable();
        return input;
    }

    private static (string Name, Value Value) ReadProperty(ref Utf8JsonReader json)
    {
        _ = json.Read();
        var name = json.GetString() ?? throw new EncodingException("A stored element has too few properties.");
        _ = json.Read();
        return (name, ValueJson.Read(ref json));
    }
}
