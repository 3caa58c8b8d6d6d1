namespace Replica.Peer.Sync;

/// <summary>One open channel: what waits to be sent, what is half received, and the credit of both directions.</summary>
/// <param name="number">Its number.</param>
/// <param name="windowBytes">How much may be on the way to us or wait for our owner, in bytes.</param>
internal sealed class ChannelState(int number, int windowBytes)
{
    // Granted by us and not consumed by our owner: on the way, half received, or delivered.
    private long _outstanding = ChannelLimits.CreditBytesFirst;
    private long _receivable = ChannelLimits.CreditBytesFirst;
    private long _delivered;

    /// <summary>The number of the channel.</summary>
    public int Number { get; } = number;

    /// <summary>What waits to be sent.</summary>
    public ByteQueue Queue { get; } = new();

    /// <summary>What comes in.</summary>
    public MessageAssembler Assembler { get; } = new(ChannelLimits.MessageBytesMax);

    /// <summary>How many bytes we may send.</summary>
    public long Sendable { get; private set; } = ChannelLimits.CreditBytesFirst;

    /// <summary>Our direction takes no more messages; its end follows what is queued.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Our end went out.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The other side's end came.</summary>
    public bool IsRemoteEnded { get; private set; }

    /// <summary>The channel waits for its turn to send.</summary>
    public bool IsInTurn { get; set; }

    /// <summary>The channel waits for its turn to grant credit.</summary>
    public bool IsGranting { get; set; }

    /// <summary>Something can go out now.</summary>
    public bool CanSend => Queue.Length > 0 ? Sendable > 0 : IsEnding && !IsEnded;

    /// <summary>What could be granted, in bytes; 0 when nothing is to come any more.</summary>
    public int Grantable => IsEnding || IsRemoteEnded ? 0 : (int)(windowBytes - _outstanding);

    /// <summary>Counts bytes that came.</summary>
    /// <exception cref="ChannelException">There was no credit for them.</exception>
    public void Receive(int bytes)
    {
        if (bytes > _receivable)
        {
            throw new ChannelException(
                ChannelFault.CreditExceeded, $"{bytes} bytes came on channel {Number} with credit for {_receivable}.");
        }

        _receivable -= bytes;
    }

    /// <summary>Counts a message that is handed to the owner; its length prefix is consumed by that.</summary>
    public void Deliver(int bodyBytes)
    {
        _delivered += bodyBytes;
        _outstanding -= Leb128.Length((uint)bodyBytes);
    }

    /// <summary>Counts bytes that the owner is done with.</summary>
    public void Consume(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _delivered);
        _delivered -= bytes;
        _outstanding -= bytes;
    }

    /// <summary>Counts credit that goes to the other side.</summary>
    public void Grant(int bytes)
    {
        _outstanding += bytes;
        _receivable += bytes;
    }

    /// <summary>Takes credit of the other side.</summary>
    /// <exception cref="ChannelException">It makes more than is allowed.</exception>
    public void TakeCredit(int bytes)
    {
        if (Sendable + bytes > ChannelLimits.CreditBytesMax)
        {
            throw new ChannelException(ChannelFault.CreditTooGreat,
                $"Credit of {bytes} bytes came for channel {Number} on top of {Sendable}; {ChannelLimits.CreditBytesMax} are allowed in all.");
        }

        Sendable += bytes;
    }

    /// <summary>Moves queued bytes out.</summary>
    public void Send(Span<byte> output)
    {
        Sendable -= output.Length;
        Queue.Read(output);
    }

    /// <summary>Our side wants nothing more from this channel; what is half received is forgotten.</summary>
    public void End()
    {
        IsEnding = true;
        Assembler.Reset();
    }

    /// <summary>Our end goes out.</summary>
    public void SendEnd() => IsEnded = true;

    /// <summary>Takes the other side's end. It reads nothing any more, so nothing but our own end is sent.</summary>
    public void RemoteEnd()
    {
        IsRemoteEnded = true;
        Queue.Clear();
        End();
    }
}
