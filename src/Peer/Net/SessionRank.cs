using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>What decides which of two sessions between the same two processes stays: the lesser. Both sides see the same four things.</summary>
/// <param name="IsRelayed">Whether it goes through a relay.</param>
/// <param name="Initiator">The device that dialled.</param>
/// <param name="InitiatorInstance">The process that dialled.</param>
/// <param name="HandshakeHash">What names the session alike on both sides.</param>
internal readonly record struct SessionRank(
    bool IsRelayed, DeviceKey Initiator, InstanceId InitiatorInstance, ReadOnlyMemory<byte> HandshakeHash) : IComparable<SessionRank>
{
    /// <summary>Direct before relayed; then the smaller initiating device key, instance, and handshake hash.</summary>
    public int CompareTo(SessionRank other)
    {
        var order = IsRelayed.CompareTo(other.IsRelayed);
        order = order != 0 ? order : Initiator.CompareTo(other.Initiator);
        order = order != 0 ? order : InitiatorInstance.CompareTo(other.InitiatorInstance);
        return order != 0 ? order : HandshakeHash.Span.SequenceCompareTo(other.HandshakeHash.Span);
    }
}
