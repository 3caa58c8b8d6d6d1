namespace Replica.Peer.Host.Feeds;

/// <summary>Where a change was made.</summary>
public enum ChangeOrigin
{
    /// <summary>By this device, also where a peer gave it back.</summary>
    Local,

    /// <summary>By another device, or by this one under an identity that it had before.</summary>
    Remote,
}
