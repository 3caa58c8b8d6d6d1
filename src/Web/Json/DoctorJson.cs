using System.Buffers;
using System.Text.Json;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>What was found around a home as JSON: the facts, then the findings.</summary>
internal static class DoctorJson
{
    /// <summary>Writes it.</summary>
    public static void Write(IBufferWriter<byte> output, DoctorReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("sqlite", report.Status.Sqlite);
        json.WriteNumber("diskFreeBytes", report.DiskFreeBytes);
        json.WriteBoolean("lan", report.IsLanOn);
        json.WriteNumber("lanPacketsHeard", report.LanPacketsHeard);
        WriteAll(json, "interfaces", report.Interfaces, static (json, one) =>
        {
            json.WriteString("name", one.Name);
            json.WriteString("address", one.Address.ToString());
        });
        WriteAll(json, "multicast", report.Echoes, static (json, one) =>
        {
            json.WriteString("name", one.Interface.Name);
            json.WriteString("address", one.Interface.Address.ToString());
            json.WriteBoolean("heard", one.IsHeard);
        });
        WriteAll(json, "sightings", report.Sightings, static (json, one) =>
        {
            json.WriteString("address", one.Address.ToString());
            json.WriteBoolean("known", one.IsKnown);
        });
        WriteAll(json, "relays", report.Relays, static (json, one) =>
        {
            json.WriteString("relay", one.Relay);
            json.WriteString("routingKey", one.RoutingKey.ToString());
            json.WriteBoolean("connected", one.IsConnected);
            json.WriteBoolean("polling", one.IsPolling);
            json.WriteNumber("clockAheadMilliseconds", (long)one.ClockAhead.TotalMilliseconds);
            if (one.Latency is { } latency)
            {
                json.WriteNumber("latencyMilliseconds", Math.Round(latency.TotalMilliseconds, 1));
            }
        });
        WriteAll(json, "peers", report.Status.Peers, static (json, one) =>
        {
            json.WriteString("address", one.Address);
            json.WriteString("device", one.Device);
            json.WriteString("state", one.State);
            json.WriteString("detail", one.Detail);
            if (one.ClockAhead is { } ahead)
            {
                json.WriteNumber("clockAheadMilliseconds", (long)ahead.TotalMilliseconds);
            }

            if (one.RetryIn is { } pause)
            {
                json.WriteNumber("retryMilliseconds", (long)pause.TotalMilliseconds);
            }
        });
        WriteAll(json, "keptAway", report.KeptAway, static (json, one) =>
        {
            json.WriteString("device", one.Device);
            json.WriteNumber("faults", one.Faults);
            json.WriteNumber("leftMilliseconds", (long)one.Left.TotalMilliseconds);
        });
        WriteAll(json, "findings", Doctor.Examine(report), static (json, one) =>
        {
            json.WriteString("code", one.Code);
            json.WriteString("severity", one.Severity);
            json.WriteString("what", one.What);
            json.WriteString("remedy", one.Remedy);
        });
        json.WriteEndObject();
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
