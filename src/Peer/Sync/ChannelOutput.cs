using System.Buffers;

namespace Replica.Peer.Sync;

/// <summary>Fills plaintexts with units: control first, then each channel that can send, one unit at a turn.</summary>
/// <param name="channels">The channels of the session.</param>
internal sealed class ChannelOutput(ChannelTable channels) : IDisposable
{
    /// <summary>The least room that is worth taking into, in bytes.</summary>
    private const int PlaintextBytesMin = 1024;

    /// <summary>The least room that a unit begins in, in bytes.</summary>
    private const int UnitRoomBytesMin = 64;

    private const int UnitLengthBytesMax = 3;

    private readonly ByteQueue _control = new();
    private readonly ArrayBufferWriter<byte> _message = new();
    private readonly Queue<ChannelState> _turns = new();
    private readonly Queue<ChannelState> _grants = new();

    /// <summary>Something can go out, or a grant has to be looked at.</summary>
    public bool HasAny => _control.Length > 0 || _turns.Count > 0 || _grants.Count > 0;

    /// <summary>How many bytes of control messages wait.</summary>
    public int ControlBytes => _control.Length;

    /// <summary>Queues a message.</summary>
    public void Send(ChannelState channel, ReadOnlySpan<byte> body)
    {
        WriteMessage(channel.Queue, body);
        Wake(channel);
    }

    /// <summary>Queues a control message.</summary>
    /// <exception cref="ChannelException">Too much waits.</exception>
    public void SendControl(ControlMessage message)
    {
        _message.ResetWrittenCount();
        ControlMessageCodec.Write(_message, message);
        if (_control.Length + _message.WrittenCount + Leb128.BytesMax > ChannelLimits.ControlQueueBytesMax)
        {
            throw new ChannelException(
                ChannelFault.QueueFull, $"{_control.Length} bytes of control messages wait; the other side takes in too little.");
        }

        WriteMessage(_control, _message.WrittenSpan);
    }

    /// <summary>Gives a channel its turn if it can send.</summary>
    public void Wake(ChannelState channel)
    {
        if (!channel.IsInTurn && channel.CanSend)
        {
            channel.IsInTurn = true;
            _turns.Enqueue(channel);
        }
    }

    /// <summary>Grants a channel what it can be granted by then, with the next plaintext.</summary>
    public void Grant(ChannelState channel)
    {
        if (!channel.IsGranting)
        {
            channel.IsGranting = true;
            _grants.Enqueue(channel);
        }
    }

    /// <summary>Takes what can go now.</summary>
    /// <param name="plaintext">Room of at least 1,024 bytes; at most 65,519 are used.</param>
    /// <returns>How many bytes were written.</returns>
    public int TryTake(Span<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plaintext.Length, PlaintextBytesMin, nameof(plaintext));
        var room = plaintext[..Math.Min(plaintext.Length, ChannelLimits.PlaintextBytesMax)];
        var written = 0;
        QueueGrants();
        while (_control.Length > 0 && room.Length - written >= UnitRoomBytesMin)
        {
            var unit = Head(room[written..], 0, _control.Length, out var head);
            _control.Read(unit);
            written += head + unit.Length;
        }

        while (_turns.Count > 0 && room.Length - written >= UnitRoomBytesMin)
        {
            written += TakeUnit(_turns.Dequeue(), room[written..]);
        }

        return written;
    }

    public void Dispose()
    {
        _control.Clear();
        _turns.Clear();
        _grants.Clear();
    }

    /// <summary>Writes the head of a unit of at most <paramref name="bytes"/> and finds the room for these.</summary>
    private static Span<byte> Head(Span<byte> room, int channel, long bytes, out int head)
    {
        head = Leb128.Write(room, (uint)channel);
        var length = (int)Math.Min(bytes, Math.Min(ChannelLimits.UnitBytesMax, room.Length - head - UnitLengthBytesMax));
        head += Leb128.Write(room[head..], (uint)length);
        return room.Slice(head, length);
    }

    private static void WriteMessage(ByteQueue queue, ReadOnlySpan<byte> body)
    {
        Span<byte> length = stackalloc byte[Leb128.BytesMax];
        queue.Write(length[..Leb128.Write(length, (uint)body.Length)]);
        queue.Write(body);
    }

    private int TakeUnit(ChannelState channel, Span<byte> room)
    {
        channel.IsInTurn = false;
        channels.Announce(channel.Number);
        var unit = Head(room, channel.Number, Math.Min(channel.Queue.Length, channel.Sendable), out var head);
        if (unit.IsEmpty)
        {
            channel.SendEnd();
            if (channel.IsRemoteEnded)
            {
                channels.Remove(channel);
            }
        }
        else
        {
            channel.Send(unit);
            Wake(channel);
        }

        return head + unit.Length;
    }

    private void QueueGrants()
    {
        // Only when all control messages are out, which bounds what the grants add to them.
        if (_control.Length > 0)
        {
            return;
        }

        while (_grants.TryDequeue(out var channel))
        {
            channel.IsGranting = false;
            var bytes = channel.Grantable;
            if (bytes > 0)
            {
                channel.Grant(bytes);
                SendControl(new ControlMessage.Credit(channel.Number, bytes));
            }
        }
    }
}
