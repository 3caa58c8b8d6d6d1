using System.IO.Pipelines;
using System.Net;

namespace Replica.Transport.Links;

/// <summary>Makes a connection of a link: two loops that move bytes between it and two pipes.</summary>
public sealed class LinkConnection : IConnection
{
    /// <summary>How long an orderly end waits until what was flushed is sent; then the rest is lost.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>The first size of a receive, in bytes; under load it grows to the largest.</summary>
    private const int ReceiveBytesFirst = 4 * 1024;

    /// <summary>What is written piece by piece goes out in parts of this size: each costs a call, and a message where there are some.</summary>
    private const int SendBytes = 32 * 1024;

    private readonly IByteLink _link;
    private readonly int _receiveBytesMax;
    private readonly TimeProvider _time;
    // Who reads goes on where the bytes came in: one change of threads less for each message.
    private readonly Pipe _incoming = new(Options(StreamLimits.ReadAheadBytes, ReceiveBytesFirst, PipeScheduler.Inline));
    private readonly Pipe _outgoing = new(Options(StreamLimits.WriteAheadBytes, SendBytes, PipeScheduler.ThreadPool));
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private TransportException? _fault;
    private volatile bool _isAborted;

    private LinkConnection(IByteLink link, PeerAddress remote, string localDescription, TimeProvider time, int receiveBytesMax)
    {
        _link = link;
        _receiveBytesMax = receiveBytesMax;
        _time = time;
        RemoteAddress = remote;
        LocalDescription = localDescription;
    }

    /// <inheritdoc/>
    public PipeReader Input => _incoming.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _outgoing.Writer;

    /// <inheritdoc/>
    public PeerAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public string LocalDescription { get; }

    /// <inheritdoc/>
    public IPAddress? LocalAddress { get; private init; }

    /// <summary>Ends when the connection was disposed: what carried the link may go.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes over a link and starts to move bytes.</summary>
    /// <param name="link">An open link, disposed with the connection.</param>
    /// <param name="remote">Where the other end is.</param>
    /// <param name="localDescription">This end in words, for logs.</param>
    /// <param name="time">Measures the limit on closing.</param>
    /// <param name="receiveBytesMax">The size of a receive under load, in bytes.</param>
    /// <param name="localAddress">The address of this machine from which the link goes out; null if it is not known.</param>
    public static LinkConnection Start(
        IByteLink link, PeerAddress remote, string localDescription, TimeProvider time, int receiveBytesMax = 64 * 1024,
        IPAddress? localAddress = null)
    {
        var connection = new LinkConnection(link, remote, localDescription, time, receiveBytesMax) { LocalAddress = localAddress };
        connection._receiving = connection.ReceiveAsync();
        connection._sending = connection.SendAsync();
        return connection;
    }

    /// <inheritdoc/>
    public void Abort(Exception? reason)
    {
        _ = Fail(new TransportException(
            TransportFailure.ConnectionLost, $"The connection to {RemoteAddress} was aborted.", reason));
        _isAborted = true;
        _link.Abort();
        _incoming.Writer.CancelPendingFlush();
        _outgoing.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        try
        {
            await _sending.WaitAsync(DrainLimit, _time);
        }
        catch (TimeoutException exception)
        {
            Abort(exception);
        }

        await Input.CompleteAsync();
        await _link.DisposeAsync();
        _ = _ended.TrySetResult();
        _incoming.Writer.CancelPendingFlush();
        _outgoing.Reader.CancelPendingRead();
        await _receiving;
        await _sending;
    }

    private static PipeOptions Options(int limitBytes, int segmentBytes, PipeScheduler reader) => new(
        readerScheduler: reader,
        pauseWriterThreshold: limitBytes,
        resumeWriterThreshold: limitBytes / 2,
        minimumSegmentSize: segmentBytes,
        useSynchronizationContext: false);

    private async Task ReceiveAsync()
    {
        var writer = _incoming.Writer;
        var size = ReceiveBytesFirst;
        TransportException? fault = null;
        try
        {
            while (true)
            {
                // Waits without a buffer, so that idle connections hold none.
                _ = await _link.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                var received = await _link.ReceiveAsync(writer.GetMemory(size), CancellationToken.None);
                if (received == 0)
                {
                    // An orderly end stays one when this side's sending had failed: what came before it is still to be read.
                    fault = _isAborted ? _fault : null;
                    break;
                }

                writer.Advance(received);
                if (received >= size && size < _receiveBytesMax)
                {
                    size *= 2;
                }

                var flush = await writer.FlushAsync();
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    fault = _fault;
                    break;
                }
            }
        }
        catch (TransportException exception)
        {
            fault = Fail(exception);
        }

        await writer.CompleteAsync(fault);
    }

    private async Task SendAsync()
    {
        var reader = _outgoing.Reader;
        TransportException? fault = null;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                foreach (var segment in read.Buffer)
                {
                    await _link.SendAsync(segment, CancellationToken.None);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    fault = _fault;
                    break;
                }
            }

            if (fault is null)
            {
                await _link.EndAsync(CancellationToken.None);
            }
        }
        catch (TransportException exception)
        {
            fault = Fail(exception);
        }

        await reader.CompleteAsync(fault);
    }

    // The first fault is the cause; those that follow are its consequences.
    private TransportException Fail(TransportException fault) =>
        Interlocked.CompareExchange(ref _fault, fault, null) ?? fault;
}
