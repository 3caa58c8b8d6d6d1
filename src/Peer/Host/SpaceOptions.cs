using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Store;
using Replica.Transport;

namespace Replica.Peer.Host;

/// <summary>How <see cref="ReplicaSpace.OpenAsync"/> opens a space. By default it uses no network and makes nothing.</summary>
public sealed record SpaceOptions
{
    /// <summary>The space's name in the home: 1 to 64 letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, a letter or digit first.</summary>
    public string Name { get; init; } = "main";

    /// <summary>Whether a home and a space that are missing are made; else their absence is an error, as after a mistyped path.</summary>
    public bool IsCreatedIfMissing { get; init; }

    /// <summary>The ticket to join with if the space is missing; null to found one of its own.</summary>
    public string? Ticket { get; init; }

    /// <summary>How this device is called in the space, 0 to 256 UTF-8 bytes.</summary>
    public string DisplayName { get; init; } = Environment.MachineName;

    /// <summary>When writes are acknowledged, while it is open; null for what the space was set to, <see cref="Durability.Full"/> when it is made.</summary>
    public Durability? Durability { get; init; }

    /// <summary>Where peers may dial this home; nowhere by default. A relay is given as the route that its address makes.</summary>
    public IReadOnlyList<PeerAddress> Listen { get; init; } = [];

    /// <summary>Peers that are dialled, again whenever the connection is lost, by address alone or by who must answer there; none by default.</summary>
    public IReadOnlyList<PeerTarget> Connect { get; init; } = [];

    /// <summary>Whether members are looked for on the local network, and told of this device if it listens there.</summary>
    public bool IsLanOn { get; init; }

    /// <summary>Bearer tokens of relays that want one, by authority (<c>host:port</c>, lower case).</summary>
    public IReadOnlyDictionary<string, string> RelayTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Ways to reach peers beyond those that a home has; the home disposes none of them.</summary>
    public IReadOnlyList<ITransport> Transports { get; init; } = [];

    /// <summary>What holds the home, for the message that a second opener gets.</summary>
    public string Holder { get; init; } = "an embedding program";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log messages go; nowhere by default. They never hold keys, tickets or values.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
