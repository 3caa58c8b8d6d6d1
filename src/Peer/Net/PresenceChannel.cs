using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Presences over one admitted channel, both ways, ten a second at most. Everything happens under the session's lock.</summary>
/// <param name="board">The presences of the space.</param>
/// <param name="device">The device at the other end.</param>
/// <param name="time">The clock.</param>
/// <param name="send">Sends one.</param>
internal sealed class PresenceChannel(PresenceBoard board, DeviceKey device, TimeProvider time, Action<SyncMessage.Presence> send)
{
    /// <summary>What may be sent in a second.</summary>
    private const int RateMax = 10;

    /// <summary>
    /// So many seconds' worth may come at once: a path that stalls delivers late what was sent evenly, and one that says nothing
    /// for longer is closed. Who keeps to the rate never meets the limit.
    /// </summary>
    private const int BurstSecondsMax = 60;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1000 / RateMax);

    private readonly long _began = time.GetTimestamp();
    private double _taken;
    private long? _sentAt;
    private long _told;

    /// <summary>Sends what this device says, if the peer was not told.</summary>
    /// <returns>After how long to call again, since the last was sent just now; nothing if all is said.</returns>
    public TimeSpan? Push()
    {
        if (board.News(_told) is not { } news)
        {
            return null;
        }

        if (_sentAt is { } sent && time.GetElapsedTime(sent) is var elapsed && elapsed < Interval)
        {
            return Interval - elapsed;
        }

        (_sentAt, _told) = (time.GetTimestamp(), news.Version);
        send(new(news.Content, news.Left));
        return null;
    }

    /// <summary>Takes what the peer says.</summary>
    /// <returns>False if it says more than it may.</returns>
    public bool TryTake(SyncMessage.Presence presence)
    {
        _taken++;
        var due = time.GetElapsedTime(_began).TotalSeconds * RateMax;
        if (_taken > due + (BurstSecondsMax * RateMax))
        {
            return false;
        }

        // Silence saves up for a minute, not for good.
        _taken = Math.Max(_taken, due - (BurstSecondsMax * RateMax));
        board.Take(device, presence.Content, presence.Ttl);
        return true;
    }
}
