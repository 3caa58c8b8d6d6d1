namespace Replica.Peer.Sync;

/// <summary>The paces and bounds of a session; the defaults are those of the protocol page.</summary>
internal sealed record SyncOptions
{
    /// <summary>Whether long runs go packed: the shell hands it to <see cref="SyncMessageCodec.Write"/>.</summary>
    /// <remarks>On saves bytes at first sync; off hides how well the content of a space compresses. Both sides must have agreed.</remarks>
    public bool Compress { get; init; }

    /// <summary>How often all positions are compared.</summary>
    /// <remarks>Longer repairs what went wrong later; shorter costs two small messages more often.</remarks>
    public TimeSpan DigestEvery { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a held log is asked for again if the hold names no time; doubles to an hour.</summary>
    public TimeSpan HoldRetry { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    /// <summary>The least time between two requests for one log; doubles with each.</summary>
    public TimeSpan WantEvery { get; init => field = Positive(value); } = TimeSpan.FromSeconds(5);

    /// <summary>How often a log with a gap is asked for before it is left to the next session.</summary>
    public int GapTriesMax { get; init => field = Positive(value); } = 8;

    /// <summary>Bytes of changes after which a page read from the store ends.</summary>
    public int PageBytes { get; init => field = Positive(value); } = 256 * 1024;

    /// <summary>No page is read while more bytes than this wait to go out.</summary>
    public int QueuedBytesMax { get; init => field = Positive(value); } = 1024 * 1024;

    /// <summary>No page is read while this many bytes of changes or more are unacknowledged.</summary>
    /// <remarks>More fills longer links; it is also what may be sent twice after a cut.</remarks>
    public int WindowBytes { get; init => field = Positive(value); } = 4 * 1024 * 1024;

    /// <summary>Received bytes that may wait to be applied; a peer that keeps to its window stays far below.</summary>
    public int InboxBytesMax { get; init => field = Positive(value); } = 16 * 1024 * 1024;

    /// <summary>How many bytes of waiting runs are applied in one batch, at least one run.</summary>
    public int BatchBytes { get; init => field = Positive(value); } = 1024 * 1024;

    /// <summary>How long news are gathered before they are announced where they are not pushed.</summary>
    /// <remarks>Longer makes fewer announcements; it must stay well below <see cref="GraftAfter"/>.</remarks>
    public TimeSpan AnnounceAfter { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long what was announced may take to come over another session before it is asked for.</summary>
    /// <remarks>Longer makes a broken tree slower to mend; shorter fetches twice what was under way.</remarks>
    public TimeSpan GraftAfter { get; init => field = Positive(value); } = TimeSpan.FromSeconds(2);

    /// <summary>How long one session that delivers much may keep others from being asked.</summary>
    public TimeSpan GraftPatience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, 0);
        return value;
    }
}
