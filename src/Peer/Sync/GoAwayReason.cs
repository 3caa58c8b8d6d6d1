namespace Replica.Peer.Sync;

/// <summary>Why a side ends the session. Numbers stand in <c>docs/protocol-channels.md</c>; others may come and mean nothing yet.</summary>
internal enum GoAwayReason
{
    /// <summary>The process or its network part is stopping.</summary>
    Stopping = 0,

    /// <summary>The other side broke the protocol.</summary>
    Fault = 1,

    /// <summary>The version ranges of the two have nothing in common.</summary>
    Version = 2,

    /// <summary>Another session of the same two processes stays.</summary>
    Duplicate = 3,

    /// <summary>The process reached itself.</summary>
    Loop = 4,

    /// <summary>No space was admitted in time.</summary>
    Idle = 5,

    /// <summary>The other side took nothing in, or said nothing, for too long.</summary>
    Stalled = 6,

    /// <summary>Something failed on the sender's own side.</summary>
    Internal = 7,
}
