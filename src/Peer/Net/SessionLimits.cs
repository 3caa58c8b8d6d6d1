namespace Replica.Peer.Net;

/// <summary>Constants of a session.</summary>
internal static class SessionLimits
{
    /// <summary>The wire version that this build speaks.</summary>
    public const int Version = 1;

    /// <summary>What a peer may send before it is admitted to a space, in bytes.</summary>
    public const int StrangerBytesMax = 64 * 1024;
}
