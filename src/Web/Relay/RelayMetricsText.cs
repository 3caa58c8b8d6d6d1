using System.Globalization;
using System.Text;
using Replica.Transport.Relay;

namespace Replica.Web.Relay;

/// <summary>The metrics of a relay as text that Prometheus reads.</summary>
internal static class RelayMetricsText
{
    /// <summary>Writes them.</summary>
    public static string Of(RelayMetrics metrics)
    {
        var text = new StringBuilder();
        Add(text, "replica_relay_draining", "gauge", "1 while the relay takes nobody in.", metrics.IsDraining ? 1 : 0);
        Add(text, "replica_relay_connections", "gauge", "Connections now.", metrics.Connections);
        Add(text, "replica_relay_connections_total", "counter", "Connections since the start.", metrics.ConnectionsTotal);
        Add(text, "replica_relay_listeners", "gauge", "Devices that can be dialled now.", metrics.Listeners);
        Add(text, "replica_relay_tunnels", "gauge", "Tunnels now.", metrics.Tunnels);
        Add(text, "replica_relay_tunnels_total", "counter", "Tunnels since the start.", metrics.TunnelsTotal);
        Add(text, "replica_relay_bytes_total", "counter", "Bytes moved through tunnels, both ways.", metrics.BytesTotal);
        Add(text, "replica_relay_announcements", "gauge", "Announcements kept now.", metrics.Entries);
        Head(text, "replica_relay_refused_total", "counter", "What was refused since the start, by reason.");
        foreach (var (reason, count) in metrics.RefusedTotal)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"replica_relay_refused_total{{reason=\"{reason}\"}} {count}\n");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string kind, string help, long value)
    {
        Head(text, name, kind, help);
        _ = text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string kind, string help) =>
        text.Append($"# HELP {name} {help}\n# TYPE {name} {kind}\n");
}
