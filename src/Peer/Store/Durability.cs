namespace Replica.Peer.Store;

/// <summary>When a local write is acknowledged. Sync announces and sends only what is on disk, whichever is chosen.</summary>
public enum Durability
{
    /// <summary>When it is on disk: not even a power cut takes an acknowledged write away.</summary>
    Full,

    /// <summary>
    /// When it is written; it is on disk within 50 ms. A process that dies loses nothing; a power cut can take the last
    /// acknowledged writes, none of which had been sent to a peer.
    /// </summary>
    Relaxed,
}
