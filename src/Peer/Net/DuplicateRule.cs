namespace Replica.Peer.Net;

/// <summary>Chooses between two sessions of the same two processes; both sides choose alike.</summary>
internal static class DuplicateRule
{
    /// <summary>
    /// The session to keep: the direct one before the relayed; then that of the initiator with the smaller device key, then
    /// instance; then the one with the smaller handshake hash.
    /// </summary>
    public static PeerSession Preferred(PeerSession a, PeerSession b)
    {
        var order = a.IsRelayed.CompareTo(b.IsRelayed);
        order = order != 0 ? order : a.Initiator.CompareTo(b.Initiator);
        order = order != 0 ? order : a.InitiatorInstance.CompareTo(b.InitiatorInstance);
        order = order != 0 ? order : a.HandshakeHash.Span.SequenceCompareTo(b.HandshakeHash.Span);
        return order < 0 ? a : b;
    }
}
