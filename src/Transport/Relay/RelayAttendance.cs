using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>One connection to a relay on which this device listens: hears who dials, asks, and gives signs of life.</summary>
internal sealed class RelayAttendance(IByteLink link, PeerAddress.RelayRoute relay, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    // A relay that takes longer is lost: another connection is made.
    private static readonly TimeSpan PongLimit = TimeSpan.FromSeconds(10);

    // Asked because the network changed: one that is well answers at once.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    private readonly WakeSignal _probe = new(time);
    private readonly SemaphoreSlim _asking = new(1);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _gate = new();
    private TaskCompletionSource<RelayFrame>? _answer;
    private TaskCompletionSource? _pong;
    private volatile bool _isSilent;
    private long _pingedAt;
    private ulong _pings;
    private TimeSpan? _latency;

    /// <summary>The time of the last sign of life, there and back.</summary>
    public TimeSpan? Latency
    {
        get
        {
            lock (_gate)
            {
                return _latency;
            }
        }
    }

    /// <summary>Asks for a sign of life that must come soon.</summary>
    public void Probe() => _probe.Wake();

    /// <summary>Listens until the relay is lost or wants to be left alone.</summary>
    /// <param name="onListening">The device can be dialled.</param>
    /// <param name="onIncoming">Somebody dials.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How long the relay wants to be left alone.</returns>
    /// <exception cref="TransportException">The relay is lost or refused.</exception>
    public async Task<TimeSpan> RunAsync(
        Action onListening, Action<RelayFrame.Incoming> onIncoming, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stop = cancellationToken.Register(link.Abort);
        await SendAsync(new RelayFrame.Listen());
        var pinging = PingAsync(ending.Token);
        try
        {
            while (true)
            {
                switch (await RelayFrameCodec.ReceiveAsync(link, cancellationToken))
                {
                    case RelayFrame.Listening:
                        onListening();
                        break;
                    case RelayFrame.Incoming incoming:
                        onIncoming(incoming);
                        break;
                    case RelayFrame.Pong pong:
                        OnPong(pong);
                        break;
                    case RelayFrame.Leaving leaving:
                        return TimeSpan.FromSeconds(leaving.Seconds);
                    case RelayFrame.Refused refused when !TryAnswer(refused):
                        throw RelayDialer.Explain(relay, refused);
                    case RelayFrame.Refused:
                        break;
                    case RelayFrame.Announced announced:
                        _ = TryAnswer(announced);
                        break;
                    case RelayFrame.Found found:
                        _ = TryAnswer(found);
                        break;
                    case null:
                        throw new TransportException(TransportFailure.ConnectionLost, $"The relay {relay.Relay} closed the connection.");
                    default:
                        throw new TransportException(TransportFailure.ProtocolBlocked, $"The relay {relay.Relay} breaks the protocol.");
                }
            }
        }
        catch (RelayException fault)
        {
            throw new TransportException(TransportFailure.ProtocolBlocked, $"The relay {relay.Relay} breaks the protocol: {fault.Message}", fault);
        }
        catch (TransportException fault) when (_isSilent)
        {
            throw new TransportException(TransportFailure.ConnectionLost, $"The relay {relay.Relay} gives no sign of life.", fault);
        }
        catch (TransportException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            link.Abort();
            await pinging;
            lock (_gate)
            {
                _ = _answer?.TrySetException(new TransportException(TransportFailure.ConnectionLost, $"The relay {relay.Relay} was lost."));
            }
        }
    }

    /// <summary>Asks one thing and waits for its answer.</summary>
    /// <exception cref="TransportException">The relay is lost, or takes too long.</exception>
    public async Task<RelayFrame> AskAsync(RelayFrame question, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            var answer = new TaskCompletionSource<RelayFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _answer = answer;
            }

            await SendAsync(question);
            return await answer.Task.WaitAsync(RelayDialer.AnswerLimit, time, cancellationToken);
        }
        catch (TimeoutException fault)
        {
            // Answers carry no number: after a missing one nothing that follows can be told apart.
            link.Abort();
            throw new TransportException(TransportFailure.Unreachable, $"The relay {relay.Relay} does not answer.", fault);
        }
        finally
        {
            lock (_gate)
            {
                _answer = null;
            }

            _ = _asking.Release();
        }
    }

    public async ValueTask DisposeAsync() => await link.DisposeAsync();

    private bool TryAnswer(RelayFrame frame)
    {
        lock (_gate)
        {
            return _answer?.TrySetResult(frame) == true;
        }
    }

    private void OnPong(RelayFrame.Pong pong)
    {
        lock (_gate)
        {
            if (pong.Number == _pings && _pong is { Task.IsCompleted: false })
            {
                _latency = time.GetElapsedTime(_pingedAt);
                _ = _pong?.TrySetResult();
            }
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var limit = PongLimit;
            while (!cancellationToken.IsCancellationRequested)
            {
                var (number, pong) = BeginPing();
                await SendAsync(new RelayFrame.Ping(number));
                await pong.WaitAsync(limit, time, cancellationToken);
                limit = await _probe.PauseAsync(PingInterval, cancellationToken) ? ProbeLimit : PongLimit;
            }
        }
        catch (TimeoutException)
        {
            _isSilent = true;
            link.Abort();
        }
        catch (Exception fault) when (fault is TransportException or OperationCanceledException)
        {
            // The reader meets the same end and says why.
        }
    }

    private (ulong Number, Task Pong) BeginPing()
    {
        lock (_gate)
        {
            _pingedAt = time.GetTimestamp();
            _pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (++_pings, _pong.Task);
        }
    }

    private async ValueTask SendAsync(RelayFrame frame)
    {
        await _sending.WaitAsync();
        try
        {
            await RelayFrameCodec.SendAsync(link, frame, CancellationToken.None);
        }
        finally
        {
            _ = _sending.Release();
        }
    }
}
