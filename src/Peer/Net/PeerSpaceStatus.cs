using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>A space open with a peer at one moment.</summary>
/// <param name="Space">Its name in this home.</param>
/// <param name="IsInSync">Whether both sides hold the same, durably, with nothing held or rejected.</param>
/// <param name="PeerLacks">How many changes of ours the peer lacks, as far as it said.</param>
/// <param name="WeLack">How many changes of the peer's we lack, as far as it said.</param>
/// <param name="Problems">Logs held, rejected or forked, each with its reason.</param>
public sealed record PeerSpaceStatus(string Space, bool IsInSync, long PeerLacks, long WeLack, IReadOnlyList<string> Problems)
{
    /// <summary>How far the session between the two has come.</summary>
    public SyncPhase Phase { get; init; }

    /// <summary>Whether changes are pushed between the two; else they are announced, and come over other peers.</summary>
    public bool IsPushing { get; init; }
}
