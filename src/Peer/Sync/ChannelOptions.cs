namespace Replica.Peer.Sync;

/// <summary>What a side may choose for its channels.</summary>
internal sealed record ChannelOptions
{
    /// <summary>How much of a channel may be on the way or wait here for its owner, in bytes, 4 to 16 MiB.</summary>
    /// <remarks>More is faster over long lines; less bounds memory.</remarks>
    public int WindowBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, ChannelLimits.CreditBytesFirst);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ChannelLimits.CreditBytesMax);
            field = value;
        }
    }
    = ChannelLimits.CreditBytesFirst;

    /// <summary>Credit is granted when this much can be, in bytes, 64 KiB to 1 MiB.</summary>
    /// <remarks>
    /// More makes fewer messages; less keeps the line fuller. Above 1 MiB, a window of 4 MiB with one message of 2 MiB half
    /// received in it could stand still.
    /// </remarks>
    public int GrantBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, ChannelLimits.CreditGrantBytesMin);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024 * 1024);
            field = value;
        }
    }
    = 1024 * 1024;

    /// <summary>The most bytes that may wait to be sent on one channel, 4 MiB or more.</summary>
    /// <remarks>An owner stops long before; who reaches this answers to a side that takes nothing in.</remarks>
    public int QueueBytesMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2 * ChannelLimits.MessageBytesMax);
            field = value;
        }
    }
    = 16 * 1024 * 1024;
}
