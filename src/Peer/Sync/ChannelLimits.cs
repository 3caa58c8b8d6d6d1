namespace Replica.Peer.Sync;

/// <summary>The limits that both sides of a session keep to. Source: docs/protocol-channels.md.</summary>
internal static class ChannelLimits
{
    /// <summary>The longest plaintext that carries units, in bytes.</summary>
    public const int PlaintextBytesMax = 65_519;

    /// <summary>The most bytes in one unit, its head not counted.</summary>
    public const int UnitBytesMax = 16_384;

    /// <summary>The longest message, in bytes, its length not counted.</summary>
    public const int MessageBytesMax = 2 * 1024 * 1024;

    /// <summary>How many channels that one side opened may be open at once.</summary>
    public const int ChannelsAtOnceMax = 256;

    /// <summary>How many channels one side may open in a session's life.</summary>
    public const int OpeningsMax = 1024;

    /// <summary>How much may be sent on a new channel, in bytes.</summary>
    public const int CreditBytesFirst = 4 * 1024 * 1024;

    /// <summary>The most that may be sent on a channel before more is granted, in bytes.</summary>
    public const int CreditBytesMax = 16 * 1024 * 1024;

    /// <summary>The least that is granted at a time, in bytes: so credit messages are few for what is sent.</summary>
    public const int CreditGrantBytesMin = 64 * 1024;

    /// <summary>The most bytes of control messages that wait to be sent.</summary>
    public const int ControlQueueBytesMax = 64 * 1024;

    /// <summary>How many control messages, credit not counted, may come in a second.</summary>
    public const int ControlMessagesPerSecond = 100;
}
