namespace Replica.Peer.Net;

/// <summary>Constants of a session.</summary>
internal static class SessionLimits
{
    /// <summary>The wire version that this build speaks.</summary>
    public const int Version = 1;

    /// <summary>What a peer may send before it is admitted to a space, in bytes.</summary>
    public const int StrangerBytesMax = 64 * 1024;

    /// <summary>How long the other side may take to hear why the session ends.</summary>
    public static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
}
