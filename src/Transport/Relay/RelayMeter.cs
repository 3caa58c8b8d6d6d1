using System.Diagnostics.Metrics;

namespace Replica.Transport.Relay;

/// <summary>The numbers of a relay as instruments of the framework's own kind, which cost nothing until they are read.</summary>
internal static class RelayMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Replica.Transport";

    /// <summary>Makes the meter of a relay. Its labels are reasons of refusals, a closed set.</summary>
    public static Meter Of(RelayServer relay)
    {
        var meter = new Meter(Name);
        Gauge("replica.relay.draining", "", "1 while the relay takes nobody in.", static now => now.IsDraining ? 1 : 0);
        Gauge("replica.relay.connections", "{connection}", "Connections now.", static now => now.Connections);
        Counter("replica.relay.connections.total", "{connection}", "Connections since the start.", static now => now.ConnectionsTotal);
        Gauge("replica.relay.listeners", "{device}", "Devices that can be dialled now.", static now => now.Listeners);
        Gauge("replica.relay.tunnels", "{tunnel}", "Tunnels now.", static now => now.Tunnels);
        Counter("replica.relay.tunnels.total", "{tunnel}", "Tunnels since the start.", static now => now.TunnelsTotal);
        Counter("replica.relay.bytes", "By", "Bytes moved through tunnels, both ways.", static now => now.BytesTotal);
        Gauge("replica.relay.announcements", "{announcement}", "Announcements kept now.", static now => now.Entries);
        _ = meter.CreateObservableCounter(
            "replica.relay.refused",
            () => relay.GetMetrics().RefusedTotal.Select(static pair =>
                new Measurement<long>(pair.Count, new KeyValuePair<string, object?>("reason", pair.Reason.ToString()))),
            "{connection}",
            "What was refused since the start, by reason.");
        return meter;

        void Gauge(string name, string unit, string description, Func<RelayMetrics, long> look) =>
            _ = meter.CreateObservableUpDownCounter(name, () => look(relay.GetMetrics()), unit, description);

        void Counter(string name, string unit, string description, Func<RelayMetrics, long> look) =>
            _ = meter.CreateObservableCounter(name, () => look(relay.GetMetrics()), unit, description);
    }
}
