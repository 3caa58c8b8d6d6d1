namespace Replica.Peer.Sync;

/// <summary>The other side broke a rule of the channels. The session must be closed; nothing of it can be used any more.</summary>
/// <param name="reason">The rule.</param>
/// <param name="text">What came and what was allowed.</param>
internal sealed class ChannelException(ChannelFault reason, string text) : Exception(text)
{
    /// <summary>The rule that was broken.</summary>
    public ChannelFault Reason { get; } = reason;
}
