namespace Replica.Peer.Sync;

/// <summary>One session's part in the broadcast tree of its space. Only the tree touches it, under its lock.</summary>
internal sealed class BroadcastLink
{
    /// <summary>Whether changes are pushed over it, both ways; else they are announced.</summary>
    public bool IsEager { get; set; } = true;

    /// <summary>Whether the peer said that it has something that is not here.</summary>
    public bool HasLacks { get; set; }

    /// <summary>When the session began, or something new came over it, in milliseconds.</summary>
    public long FedAt { get; set; }
}
