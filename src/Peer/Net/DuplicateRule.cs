namespace Replica.Peer.Net;

/// <summary>Chooses between two sessions of the same two processes; both sides choose alike.</summary>
internal static class DuplicateRule
{
    /// <summary>The session to keep: that of the smaller initiator, then the one with the smaller handshake hash.</summary>
    public static PeerSession Preferred(PeerSession a, PeerSession b)
    {
        var byInitiator = a.Initiator.CompareTo(b.Initiator);
        var order = byInitiator != 0 ? byInitiator : a.HandshakeHash.Span.SequenceCompareTo(b.HandshakeHash.Span);
        return order < 0 ? a : b;
    }
}
