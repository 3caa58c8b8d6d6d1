using Replica.Peer.Net;
using Replica.Transport.Discovery;
using Replica.Transport.Relay;

namespace Replica.Peer.Host;

/// <summary>What was looked at in a home and around it, for <see cref="Doctor"/> to judge.</summary>
/// <param name="Status">The home, its spaces and its peers.</param>
/// <param name="IsDaemon">Whether a daemon holds the home; without one there is no network to look at.</param>
/// <param name="Interfaces">The network interfaces that are up, without loopback.</param>
/// <param name="IsLanOn">Whether peers are looked for on the local network.</param>
/// <param name="LanPacketsHeard">Packets of the discovery protocol that were heard, this device's own among them.</param>
/// <param name="Sightings">Who announced itself on the local network.</param>
/// <param name="Relays">How it stands with the relays.</param>
/// <param name="DiskFreeBytes">Room left where the home is.</param>
public sealed record DoctorReport(
    HomeStatus Status,
    bool IsDaemon,
    IReadOnlyList<LanInterface> Interfaces,
    bool IsLanOn,
    long LanPacketsHeard,
    IReadOnlyList<LanSighting> Sightings,
    IReadOnlyList<RelayStatus> Relays,
    long DiskFreeBytes)
{
    /// <summary>On which interfaces this device heard what it sent to all; empty without discovery on the local network.</summary>
    public IReadOnlyList<LanEcho> Echoes { get; init; } = [];

    /// <summary>The devices that broke the protocol and are kept away for now.</summary>
    public IReadOnlyList<KeptAway> KeptAway { get; init; } = [];
}
