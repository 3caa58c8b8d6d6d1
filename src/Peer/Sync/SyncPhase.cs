namespace Replica.Peer.Sync;

/// <summary>How far a session between two replicas has come.</summary>
public enum SyncPhase
{
    /// <summary>Not started.</summary>
    NotStarted = 0,

    /// <summary>Our positions are on the way, the peer's have not come.</summary>
    Comparing = 1,

    /// <summary>What the peer lacked when we met is being sent.</summary>
    CatchingUp = 2,

    /// <summary>All that was here when we met is sent; changes are pushed as they come.</summary>
    Live = 3,

    /// <summary>The session gave up because of the peer's fault.</summary>
    Closed = 4,
}
