using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// A conflict as a line: what it is about, <c>"place"</c>, <c>"name"</c>, and as <c>"shown"</c> and <c>"losers"</c> each
/// write with <c>"value"</c> (none for a removal, and for a move to the top) or <c>"edge"</c>, kind, author, device, change and
/// time; shown is null for a node that is placed nowhere.
/// </summary>
public static class ConflictJson
{
    /// <summary>Writes one, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, Conflict conflict)
    {
        var json = new CanonicalJson(output);
        json.Raw("{"u8);
        FieldMutationJson.WriteTarget(json, conflict.Target);
        json.Raw(",\"place\":"u8);
        json.Text(FieldMutationJson.NameOf(conflict.Place));
        json.Raw(",\"name\":"u8);
        json.Text(conflict.Name);
        json.Raw(",\"shown\":"u8);
        if (conflict.Shown is { } shown)
        {
            Write(json, shown);
        }
        else
        {
            json.Raw("null"u8);
        }

        json.Raw(",\"losers\":["u8);
        for (var i = 0; i < conflict.Losers.Count; i++)
        {
            json.Raw(i == 0 ? default : ","u8);
            Write(json, conflict.Losers[i]);
        }

        json.Raw("]}"u8);
    }

    private static void Write(CanonicalJson json, ConflictingWrite write)
    {
        json.Raw("{\"kind\":"u8);
        json.Text(FieldMutationJson.NameOf(write.Kind));
        if (write.Value is { } value)
        {
            json.Raw(",\"value\":"u8);
            ValueJson.Write(json, value);
        }

        if (write.Edge is { } edge)
        {
            json.Raw(",\"edge\":"u8);
            GraphJson.WriteEnds(json, edge);
        }

        json.Raw(",\"author\":"u8);
        json.Text(write.AuthorName);
        json.Raw(",\"device\":"u8);
        json.Text(write.Author.ToString());
        json.Raw(",\"dot\":"u8);
        json.Text($"{write.Change.Log}:{write.Change.Seq}");
        json.Raw(",\"time\":"u8);
        json.Text(write.Time.ToString());
        json.Raw("}"u8);
    }
}
