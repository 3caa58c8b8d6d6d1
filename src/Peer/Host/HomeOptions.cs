using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Store;
using Replica.Transport;

namespace Replica.Peer.Host;

/// <summary>How a home is opened.</summary>
public sealed record HomeOptions
{
    /// <summary>The home's directory.</summary>
    public required string Directory { get; init; }

    /// <summary>What holds the home, for the message that a second opener gets; such as <c>replica run</c>.</summary>
    public string Holder { get; init; } = "an embedding program";

    /// <summary>
    /// Whether a home that can't be written, for want of rights or on a disk that can only be read, is opened to be read. It takes no
    /// lock file and leaves no trace; every write says <c>REPLICA_READ_ONLY</c>, and it does not meet peers.
    /// </summary>
    public bool MayBeReadOnly { get; init; }

    /// <summary>How this device is called in logs it opens from now on, 0 to 256 UTF-8 bytes.</summary>
    public string DisplayName { get; init; } = Environment.MachineName;

    /// <summary>When local writes are acknowledged, in all spaces while the home is open; null for what each space was set to.</summary>
    public Durability? Durability { get; init; }

    /// <summary>The names of spaces of which nothing is compressed on the way out.</summary>
    /// <remarks>How well a text compresses tells something about it to whoever counts bytes on the way.</remarks>
    public IReadOnlyList<string> Uncompressed { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ways to reach peers beyond TCP, WebSockets as the dialling side, and relays; the home disposes none of them.</summary>
    public IReadOnlyList<ITransport> Transports { get; init; } = [];

    /// <summary>Bearer tokens of relays that want one, by authority (<c>host:port</c>, lower case); none is shown to any other.</summary>
    public IReadOnlyDictionary<string, string> RelayTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes the meter of <see cref="Telemetry.PeerTelemetry"/>, as in an application with dependency injection; null makes one of its own.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Saves every space into new files again and again; null for never.</summary>
    public BackupRotation? Backups { get; init; }

    /// <summary>Where log messages go; nowhere by default. They never hold keys, tickets or values.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
