using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// The tree as lines of JSON. As listed: <c>{"node":id,"parent":id or null,"depth":n}</c>; as imported and exported, in
/// the order of the siblings: <c>{"move":[id, parent or null]}</c>; a move that lost:
/// <c>{"node":id,"parent":id,"dot":"log:seq","time":…,"author":…}</c>.
/// </summary>
public static class TreeJson
{
    /// <summary>Writes a place as it is listed, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, TreeNodeSnapshot place)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"node\":"u8);
        json.Text(place.Id);
        json.Raw(",\"parent\":"u8);
        WriteParent(json, place.Parent);
        json.Raw(",\"depth\":"u8);
        json.Number(place.Depth);
        json.Raw("}"u8);
    }

    /// <summary>Writes a place as what makes it so, without a line end.</summary>
    public static void WriteMove(IBufferWriter<byte> output, TreeNodeSnapshot place)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"move\":["u8);
        json.Text(place.Id);
        json.Raw(","u8);
        WriteParent(json, place.Parent);
        json.Raw("]}"u8);
    }

    /// <summary>Writes a move that lost, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, SkippedMoveSnapshot move)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"node\":"u8);
        json.Text(move.Node);
        json.Raw(",\"parent\":"u8);
        json.Text(move.Parent);
        json.Raw(",\"dot\":"u8);
        json.Text($"{move.Dot.Log}:{move.Dot.Seq}");
        json.Raw(",\"time\":"u8);
        json.Text(move.Time.ToString());
        json.Raw(",\"author\":"u8);
        json.Text(move.Author);
        json.Raw("}"u8);
    }

    internal static void WriteParent(CanonicalJson json, string? parent)
    {
        if (parent is null)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Text(parent);
        }
    }
}
