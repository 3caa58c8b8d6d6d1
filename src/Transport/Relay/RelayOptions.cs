namespace Replica.Transport.Relay;

/// <summary>What a relay allows. Every limit is for one relay process.</summary>
public sealed record RelayOptions
{
    /// <summary>The routing keys that may use the relay; null lets anyone.</summary>
    public IReadOnlySet<DeviceKey>? Allowed { get; init; }

    /// <summary>Connections at once; a tunnel takes two, a listener one more.</summary>
    /// <remarks>More serves more devices; each idle connection takes some tens of kilobytes.</remarks>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Connections at once from one source address, or one /64 of IPv6.</summary>
    /// <remarks>More lets a large office through one address; fewer leaves more for others while one attacks.</remarks>
    public int ConnectionsPerSourceMax { get; init; } = 256;

    /// <summary>New connections a second from one source address, after a burst of ten times as many.</summary>
    /// <remarks>More are refused with a reason; beyond twice as many a <c>RelayHost</c> closes them unheard.</remarks>
    public int ConnectsPerSourceSecond { get; init; } = 20;

    /// <summary>HTTP requests a second from one source address, after a burst of as many; more wait their turn for two seconds.</summary>
    /// <remarks>Tunnels over WebSockets take one each; where WebSockets are blocked, a request carries at most 64 KiB.</remarks>
    public int RequestsPerSourceSecond { get; init; } = 1_000;

    /// <summary>Bytes a second that one source address may send through tunnels, after a burst of as many; null for as many as it can.</summary>
    /// <remarks>A message counts for at least 4 KiB. More lets one source fill the line that all share.</remarks>
    public long? BytesPerSourceSecond { get; init; } = 32 * 1024 * 1024;

    /// <summary>Tunnels at once to one listener.</summary>
    public int TunnelsPerTargetMax { get; init; } = 64;

    /// <summary>Diallers that may wait for one listener at once.</summary>
    public int WaitingPerTargetMax { get; init; } = 16;

    /// <summary>How long a device may take to log in, to say what it wants, and to take a dialler.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a listener, or a tunnel, may be silent. Devices give a sign of life each 15 to 20 s.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Announcements kept at once.</summary>
    public int EntriesMax { get; init; } = 65_536;

    /// <summary>Tags that one connection may announce.</summary>
    public int TagsPerConnectionMax { get; init; } = 32;
}
