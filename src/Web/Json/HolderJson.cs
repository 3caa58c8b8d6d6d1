using System.Buffers;
using System.Text.Json;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>Who holds the last changes of a node or edge, as JSON.</summary>
internal static class HolderJson
{
    /// <summary>Writes it.</summary>
    public static void Write(IBufferWriter<byte> output, HolderReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("last");
        foreach (var dot in report.Last)
        {
            json.WriteStringValue(dot.ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("peers");
        foreach (var peer in report.Peers)
        {
            json.WriteStartObject();
            json.WriteString("device", peer.Device);
            json.WriteString("address", peer.Address);
            json.WriteBoolean("connected", peer.IsConnected);
            json.WriteBoolean("hasAll", peer.HasAll);
            json.WriteString("lastHeard", peer.LastHeard.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
