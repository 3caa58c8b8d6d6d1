using System.Security.Cryptography;
using Replica.Transport.Links;

namespace Replica.Transport.Polling;

/// <summary>A link whose other end comes and goes with HTTP requests: bodies are numbered, so a lost answer loses nothing.</summary>
/// <remarks>It does no HTTP itself: whoever does calls <see cref="TakeAsync"/> and <see cref="GiveAsync"/>.</remarks>
public sealed class PollingSession : IByteLink
{
    private readonly TimeProvider _time;
    private readonly ByteBuffer _incoming = new();
    private readonly ByteBuffer _outgoing = new();
    private readonly SemaphoreSlim _taking = new(1);
    private readonly SemaphoreSlim _giving = new(1);
    private Task _flush = Task.CompletedTask;
    private PollingBody? _offered;
    private long _taken;
    private long _given;
    private long _heardAt;
    private bool _isEndTaken;
    private volatile bool _isDeaf;
    private volatile bool _isServed;
    private volatile bool _isOver;

    internal PollingSession(string source, TimeProvider time)
    {
        Source = source;
        _time = time;
        _heardAt = time.GetTimestamp();
    }

    /// <summary>Its name, 64 hex digits; a secret of the one who opened it.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whom it counts for.</summary>
    internal string Source { get; }

    /// <summary>Whether it is over, or nobody asked for it any more.</summary>
    public bool IsDead => _isOver || (_isDeaf && _isServed) || _time.GetElapsedTime(Volatile.Read(ref _heardAt)) > PollingWire.SilenceLimit;

    /// <summary>Takes a body that was sent.</summary>
    /// <param name="sequence">Its number; 0 ends the session at once, or after the end was sent the other direction.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="isEnd">Whether nothing follows.</param>
    /// <param name="cancellationToken">Gives up; the body is then not taken.</param>
    public async Task<PollingOutcome> TakeAsync(long sequence, ReadOnlyMemory<byte> bytes, bool isEnd, CancellationToken cancellationToken)
    {
        Heard();
        await _taking.WaitAsync(cancellationToken);
        try
        {
            if (sequence == 0 && _isEndTaken)
            {
                // It said all and wants to hear nothing more; what it said still arrives.
                _isDeaf = true;
                _outgoing.StopReading();
                return PollingOutcome.Taken;
            }

            if (_isOver || sequence > _taken + 1 || sequence < _taken || sequence < 1)
            {
                Abort();
                return PollingOutcome.Ended;
            }

            if (sequence == _taken)
            {
                return PollingOutcome.Taken;
            }

            await _flush.WaitAsync(PollingWire.WaitLimit, _time, cancellationToken);
            _taken = sequence;
            _flush = bytes.IsEmpty || _isServed ? Task.CompletedTask : _incoming.WriteAsync(bytes).AsTask();
            if (isEnd)
            {
                _isEndTaken = true;
                _incoming.End();
            }

            return PollingOutcome.Taken;
        }
        catch (TimeoutException)
        {
            return PollingOutcome.Full;
        }
        catch (TransportException)
        {
            return PollingOutcome.Ended;
        }
        finally
        {
            Heard();
            _ = _taking.Release();
        }
    }

    /// <summary>Gives the next body, and waits for one if there is none.</summary>
    /// <param name="acknowledged">The number of the last body that arrived over there.</param>
    /// <param name="cancellationToken">Gives up; nothing is lost.</param>
    /// <returns>Null when the session is over.</returns>
    public async Task<PollingBody?> GiveAsync(long acknowledged, CancellationToken cancellationToken)
    {
        Heard();
        await _giving.WaitAsync(cancellationToken);
        try
        {
            if (_isOver || acknowledged > _given || acknowledged < _given - 1)
            {
                Abort();
                return null;
            }

            if (acknowledged < _given)
            {
                return _offered;
            }

            if (_offered is { IsEnd: true })
            {
                return new(_given, default, true);
            }

            using var limit = new CancellationTokenSource(PollingWire.WaitLimit, _time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var buffer = new byte[PollingWire.BodyBytesMax];
            var length = await _outgoing.ReadAsync(buffer, linked.Token);
            if (_isOver)
            {
                return null;
            }

            _offered = new(++_given, buffer.AsMemory(0, length), length == 0);
            return _offered;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(_given, default, false);
        }
        catch (TransportException)
        {
            return null;
        }
        finally
        {
            Heard();
            _ = _giving.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        if (!_isDeaf)
        {
            _ = await _outgoing.WriteAsync(bytes).AsTask().WaitAsync(cancellationToken);
            ThrowIfOver();
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _outgoing.End();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _isOver = true;
        _incoming.Break();
        _outgoing.Break();
    }

    /// <summary>Ends this side's direction; what was sent can still be fetched until the session dies of silence. What comes is dropped.</summary>
    public ValueTask DisposeAsync()
    {
        _isServed = true;
        _incoming.StopReading();
        _incoming.End();
        _outgoing.End();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        var length = await _incoming.ReadAsync(buffer, cancellationToken);
        ThrowIfOver();
        return length;
    }

    private void ThrowIfOver()
    {
        if (_isOver)
        {
            throw new TransportException(TransportFailure.ConnectionLost, "The polling session is over.");
        }
    }

    private void Heard() => Volatile.Write(ref _heardAt, _time.GetTimestamp());
}
