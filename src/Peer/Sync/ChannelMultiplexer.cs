namespace Replica.Peer.Sync;

/// <summary>Carries many channels of messages, and control messages, over one session. Does no I/O, reads no clock.</summary>
/// <remarks>
/// A plaintext of the session is one or more units <c>channel (LEB128) ‖ length (LEB128) ‖ bytes</c>. Channel 0 carries control
/// messages, each other one a stream of messages <c>length (LEB128) ‖ body</c>. A unit of no bytes ends one direction of its
/// channel. Source: docs/protocol-channels.md. Not for use by several threads at once.
/// </remarks>
internal sealed class ChannelMultiplexer : IDisposable
{
    private readonly ChannelOptions _options;
    private readonly ChannelTable _channels;
    private readonly ChannelOutput _output;
    private readonly ControlInput _control = new();
    private ChannelException? _fault;
    private bool _isDisposed;

    /// <summary>Begins with no channel open.</summary>
    /// <param name="isInitiator">This side's role in the session: the initiator opens 2, 4, 6…, the responder 1, 3, 5….</param>
    /// <param name="options">What this side chooses.</param>
    public ChannelMultiplexer(bool isInitiator, ChannelOptions options)
    {
        _options = options;
        _channels = new ChannelTable(isInitiator, options.WindowBytes);
        _output = new ChannelOutput(_channels);
    }

    /// <summary>This side may open one more channel: at most 256 at once and 1,024 in all.</summary>
    public bool CanOpen => _channels.CanOpen;

    /// <summary><see cref="TryTake"/> is worth calling.</summary>
    public bool HasOutput => _output.HasAny;

    /// <summary>How many bytes are kept in all: half received messages and what waits to be sent.</summary>
    /// <remarks>Looks at each channel: for sessions that are watched closely because nothing is admitted yet.</remarks>
    public long BufferedBytes =>
        _control.BufferedBytes + _output.ControlBytes + _channels.Open.Sum(c => (long)c.Queue.Length + c.Assembler.BufferedBytes);

    /// <summary>Opens a channel. The other side learns of it with the first message.</summary>
    /// <returns>Its number, never used before in this session.</returns>
    /// <exception cref="InvalidOperationException"><see cref="CanOpen"/> is false.</exception>
    public int Open()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _channels.CanOpen
            ? _channels.OpenOurs().Number
            : throw new InvalidOperationException("No more channels can be opened in this session: close some, or open a new session.");
    }

    /// <summary>Queues a message.</summary>
    /// <param name="channel">An open channel of either side.</param>
    /// <param name="body">1 byte to 2 MiB; it is copied.</param>
    /// <returns>False when the channel was closed by either side; nothing is sent then.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The body is empty or too long, or the channel was never opened.</exception>
    /// <exception cref="ChannelException">The other side takes in so little that the queue is full.</exception>
    public bool Send(int channel, ReadOnlySpan<byte> body)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfZero(body.Length, nameof(body));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ChannelLimits.MessageBytesMax, nameof(body));
        if (Find(channel) is not { IsEnding: false } state)
        {
            return false;
        }

        if (state.Queue.Length + body.Length > _options.QueueBytesMax)
        {
            throw Fail(new ChannelException(ChannelFault.QueueFull,
                $"{state.Queue.Length} bytes wait on channel {channel}; the other side takes in too little."));
        }

        _output.Send(state, body);
        return true;
    }

    /// <summary>Queues a control message; these go before all else.</summary>
    /// <exception cref="ArgumentException">It is a credit, which only the multiplexer sends.</exception>
    /// <exception cref="ChannelException">64 KiB wait already: the other side takes in too little.</exception>
    public void SendControl(ControlMessage message)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (message is ControlMessage.Credit)
        {
            throw new ArgumentException("Credit is granted by Consumed.", nameof(message));
        }

        try
        {
            _output.SendControl(message);
        }
        catch (ChannelException exception)
        {
            throw Fail(exception);
        }
    }

    /// <summary>
    /// Ends a channel: what is queued is still sent, what comes is no longer told, and the other side ends it too. Does nothing
    /// when it was ended before.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The channel was never opened.</exception>
    public void Close(int channel)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Find(channel) is { IsEnding: false } state)
        {
            state.End();
            _output.Wake(state);
        }
    }

    /// <summary>How many bytes of a channel wait to be sent, message lengths counted; 0 for a closed one.</summary>
    /// <param name="channel">A channel, or 0 for control.</param>
    public int QueuedBytes(int channel) =>
        channel == 0 ? _output.ControlBytes : _channels.TryGet(channel, out var state) ? state.Queue.Length : 0;

    /// <summary>The owner of a channel is done with that many bytes of bodies that it was given, so that as many more may come.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It was not given so many, or the channel was never opened.</exception>
    public void Consumed(int channel, int bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Find(channel) is not { } state)
        {
            return;
        }

        state.Consume(bytes);
        if (state.Grantable >= _options.GrantBytes)
        {
            _output.Grant(state);
        }
    }

    /// <summary>Takes what can go now: whole units of the channels in turn, as many as fit.</summary>
    /// <param name="plaintext">Room of at least 1,024 bytes; at most 65,519 are used.</param>
    /// <returns>How many bytes were written; 0 when nothing can go.</returns>
    public int TryTake(Span<byte> plaintext) => _output.TryTake(plaintext);

    /// <summary>Takes one plaintext of the session and tells <paramref name="events"/> what it brings.</summary>
    /// <param name="plaintext">1 to 65,519 bytes; not kept.</param>
    /// <param name="nowMilliseconds">The time of any clock that does not run back.</param>
    /// <param name="events">Told in the order of arrival, also of what came before a fault.</param>
    /// <exception cref="ChannelException">The other side broke a rule, now or before.</exception>
    public void OnPlaintext(ReadOnlyMemory<byte> plaintext, long nowMilliseconds, IChannelEvents events)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_fault is not null)
        {
            throw new ChannelException(_fault.Reason, _fault.Message);
        }

        try
        {
            if (plaintext.Length is 0 or > ChannelLimits.PlaintextBytesMax)
            {
                throw new ChannelException(ChannelFault.PlaintextLength,
                    $"A plaintext has {plaintext.Length} bytes; 1 to {ChannelLimits.PlaintextBytesMax} are allowed.");
            }

            while (!plaintext.IsEmpty && !_isDisposed)
            {
                var unit = TakeUnit(ref plaintext, out var channel);
                if (channel == 0)
                {
                    OnControl(unit, nowMilliseconds, events);
                }
                else
                {
                    OnUnit(channel, unit, events);
                }
            }
        }
        catch (ChannelException exception)
        {
            throw Fail(exception);
        }
    }

    /// <summary>Wipes and gives back all buffers.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _control.Dispose();
        _output.Dispose();
        foreach (var channel in _channels.Open)
        {
            channel.Queue.Clear();
            channel.Assembler.Reset();
        }
    }

    private static ReadOnlyMemory<byte> TakeUnit(ref ReadOnlyMemory<byte> plaintext, out uint channel)
    {
        plaintext = plaintext[TakeNumber(plaintext.Span, out channel)..];
        plaintext = plaintext[TakeNumber(plaintext.Span, out var length)..];
        if (length > ChannelLimits.UnitBytesMax)
        {
            throw new ChannelException(
                ChannelFault.UnitTooLong, $"A unit of {length} bytes came; at most {ChannelLimits.UnitBytesMax} are allowed.");
        }

        if (length > plaintext.Length)
        {
            throw Cut();
        }

        var unit = plaintext[..(int)length];
        plaintext = plaintext[(int)length..];
        return unit;
    }

    private static int TakeNumber(ReadOnlySpan<byte> input, out uint number) =>
        Leb128.Read(input, out number) is > 0 and var taken ? taken : throw Cut();

    private static ChannelException Cut() => new(ChannelFault.UnitCut, "A plaintext ends inside a unit; it carries whole ones.");

    private void OnControl(ReadOnlyMemory<byte> unit, long nowMilliseconds, IChannelEvents events)
    {
        if (unit.IsEmpty)
        {
            throw new ChannelException(ChannelFault.ControlEnded, "Channel 0 was ended; it lives as long as the session.");
        }

        while (!_isDisposed && _control.TryTake(ref unit, nowMilliseconds, out var message))
        {
            switch (message)
            {
                case null:
                    break;
                case ControlMessage.Credit credit:
                    OnCredit(credit);
                    break;
                default:
                    events.OnControl(message);
                    break;
            }
        }
    }

    private void OnCredit(ControlMessage.Credit credit)
    {
        // Credit and our end may pass each other.
        if (_channels.Named((uint)credit.Channel) is { IsEnded: false } channel)
        {
            channel.TakeCredit(credit.Bytes);
            _output.Wake(channel);
        }
    }

    private void OnUnit(uint number, ReadOnlyMemory<byte> unit, IChannelEvents events)
    {
        while (!_isDisposed && _channels.TryOpenTheirs(number, out var opened))
        {
            events.OnOpened(opened.Number);
        }

        if (_isDisposed)
        {
            return;
        }

        if (_channels.Named(number) is not { IsRemoteEnded: false } channel)
        {
            throw new ChannelException(ChannelFault.AfterEnd, $"{unit.Length} bytes came on channel {number} after its end.");
        }

        if (unit.IsEmpty)
        {
            OnEnd(channel, events);
            return;
        }

        channel.Receive(unit.Length);
        Deliver(channel, unit, events);
    }

    private void OnEnd(ChannelState channel, IChannelEvents events)
    {
        // Who is told of an end stops at once, maybe inside a message; who ends unasked does so between two.
        if (channel.Assembler.IsInside)
        {
            throw new ChannelException(ChannelFault.MessageCut, $"Channel {channel.Number} ended inside a message.");
        }

        channel.RemoteEnd();
        _output.Wake(channel);
        if (channel.IsEnded)
        {
            _channels.Remove(channel);
        }

        events.OnClosed(channel.Number);
    }

    private void Deliver(ChannelState channel, ReadOnlyMemory<byte> unit, IChannelEvents events)
    {
        // What comes after our own end is dropped: the other side sends it before it knows.
        while (!channel.IsEnding && !_isDisposed && channel.Assembler.TryTake(ref unit, out var body))
        {
            channel.Deliver(body.Length);
            try
            {
                events.OnMessage(channel.Number, body);
            }
            finally
            {
                channel.Assembler.Release();
            }
        }
    }

    private ChannelState? Find(int number)
    {
        if (_channels.TryGet(number, out var channel))
        {
            return channel;
        }

        return _channels.WasOpened(number)
            ? null
            : throw new ArgumentOutOfRangeException(nameof(number), number, "No such channel was opened in this session.");
    }

    private ChannelException Fail(ChannelException fault)
    {
        _fault ??= fault;
        return fault;
    }
}
