namespace Replica.Peer.Net;

/// <summary>A peer at one moment.</summary>
/// <param name="Address">Its address as dialled, or where it came from.</param>
/// <param name="Device">Its device key, hex; nothing while it was never reached.</param>
/// <param name="State"><c>connected</c>, <c>connecting</c>, <c>waiting</c> or <c>paused</c>.</param>
/// <param name="Detail">Why it is not connected, or what it calls itself.</param>
/// <param name="Spaces">The spaces open with it.</param>
/// <param name="BytesIn">Bytes of messages received in this session.</param>
/// <param name="BytesOut">Bytes of messages sent in this session.</param>
/// <param name="LastHeard">When it last said something.</param>
public sealed record PeerStatus(
    string Address,
    string? Device,
    string State,
    string Detail,
    IReadOnlyList<PeerSpaceStatus> Spaces,
    long BytesIn,
    long BytesOut,
    DateTimeOffset? LastHeard)
{
    /// <summary>Whether this side dialled.</summary>
    public bool IsDialled { get; init; }

    /// <summary>How often the device broke the protocol before this session, since this process began.</summary>
    public int Faults { get; init; }

    /// <summary>How much its clock is ahead of this one's, by what it said at the beginning of the session; nothing while it said no hello.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>When it is dialled again, if nothing happens before; nothing while it is connected or being dialled.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>By what transport it is or was to be reached: the scheme of its address.</summary>
    public string Via => Address.Split(':', 2)[0];
}
