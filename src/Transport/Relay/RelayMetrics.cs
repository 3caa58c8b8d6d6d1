namespace Replica.Transport.Relay;

/// <summary>A relay at one moment.</summary>
/// <param name="IsDraining">Whether it takes nobody in any more.</param>
/// <param name="Connections">Connections now.</param>
/// <param name="ConnectionsTotal">Connections since it started.</param>
/// <param name="Listeners">Devices that can be dialled now.</param>
/// <param name="Tunnels">Tunnels now.</param>
/// <param name="TunnelsTotal">Tunnels since it started.</param>
/// <param name="BytesTotal">Bytes moved through tunnels, both ways together.</param>
/// <param name="Entries">Announcements kept now.</param>
/// <param name="RefusedTotal">What was refused since it started, by reason.</param>
public sealed record RelayMetrics(
    bool IsDraining,
    int Connections,
    long ConnectionsTotal,
    int Listeners,
    int Tunnels,
    long TunnelsTotal,
    long BytesTotal,
    int Entries,
    IReadOnlyList<(RelayRefusal Reason, long Count)> RefusedTotal);
