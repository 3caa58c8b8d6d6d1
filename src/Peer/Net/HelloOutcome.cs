namespace Replica.Peer.Net;

/// <summary>What the other side's hello means for a session.</summary>
internal enum HelloOutcome
{
    /// <summary>The session is open.</summary>
    Opened,

    /// <summary>The session is open, and the other process has this device's key: a copied directory.</summary>
    OpenedWithCopy,

    /// <summary>The other end is this process itself: the session ends.</summary>
    Loop,

    /// <summary>The two speak no common version: the session ends.</summary>
    Version,
}
