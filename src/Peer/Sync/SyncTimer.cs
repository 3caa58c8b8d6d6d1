namespace Replica.Peer.Sync;

/// <summary>The timers of a session; starting one that runs replaces it.</summary>
internal enum SyncTimer
{
    /// <summary>Time to compare all positions.</summary>
    Digest,

    /// <summary>Time to ask again for what was held.</summary>
    Retry,

    /// <summary>Time to announce what grew.</summary>
    Announce,

    /// <summary>Time to look whether what was announced has come.</summary>
    Graft,
}
