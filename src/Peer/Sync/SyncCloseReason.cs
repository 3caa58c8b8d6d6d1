namespace Replica.Peer.Sync;

/// <summary>Why a session gives up its channel. Each is the peer's fault.</summary>
internal enum SyncCloseReason
{
    /// <summary>It sent runs whose bytes, chain or signature do not hold.</summary>
    Forged,

    /// <summary>It sent more than was acknowledged and than may wait here.</summary>
    TooMuchUnasked,

    /// <summary>It named more logs than one peer may.</summary>
    TooManyLogs,

    /// <summary>More of its logs are held or refused here than are remembered.</summary>
    TooManyRefusals,
}
