using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Host.Feeds;

namespace Replica.Web.Json;

/// <summary>
/// Changes of a feed as JSON: those of <see cref="LogJson"/>, behind <c>position</c>, <c>origin</c> (<c>local</c> or <c>remote</c>) and
/// <c>device</c>.
/// </summary>
internal static class ChangeJson
{
    /// <summary>Writes one change, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, SpaceChange change)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"position\":"u8);
        json.Text(change.Position.ToString());
        LogJson.Text(json, ",\"origin\":"u8, change.Origin == ChangeOrigin.Local ? "local" : "remote");
        LogJson.Text(json, ",\"device\":"u8, change.Device.ToString());
        json.Raw(","u8);
        LogJson.WriteParts(json, change.Position.Arrival, change.Author, change.Change);
        json.Raw("}"u8);
    }
}
