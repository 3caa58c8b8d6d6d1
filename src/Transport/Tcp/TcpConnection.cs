using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Replica.Transport.Tcp;

/// <summary>One TCP connection: a socket and two loops that move bytes between it and two pipes.</summary>
internal sealed class TcpConnection : IConnection
{
    /// <summary>How long an orderly end waits until what was flushed is sent; then the rest is lost.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>The first size of a receive, in bytes. A stranger's connection costs no more until it sends more.</summary>
    private const int ReceiveBytesFirst = 4 * 1024;

    /// <summary>The size of a receive under load, in bytes: room for a whole Noise message in one piece.</summary>
    private const int ReceiveBytesMax = 128 * 1024;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly Pipe _incoming = new(Options(StreamLimits.ReadAheadBytes));
    private readonly Pipe _outgoing = new(Options(StreamLimits.WriteAheadBytes));
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private TransportException? _fault;

    private TcpConnection(Socket socket, PeerAddress remote, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        RemoteAddress = remote;
        LocalDescription = socket.LocalEndPoint is IPEndPoint local
            ? PeerAddress.TcpHost.From(local).ToString()
            : "tcp";
    }

    /// <inheritdoc/>
    public PipeReader Input => _incoming.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _outgoing.Writer;

    /// <inheritdoc/>
    public PeerAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public string LocalDescription { get; }

    /// <summary>Takes over a connected socket and starts to move bytes.</summary>
    public static TcpConnection Start(Socket socket, PeerAddress remote, TimeProvider time)
    {
        var connection = new TcpConnection(socket, remote, time);
        connection._receiving = connection.ReceiveAsync();
        connection._sending = connection.SendAsync();
        return connection;
    }

    /// <inheritdoc/>
    public void Abort(Exception? reason)
    {
        Fail(new TransportException(
            TransportFailure.ConnectionLost, $"The connection to {RemoteAddress} was aborted.", reason));
        _socket.Dispose();
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
        _socket.Dispose();
        _incoming.Writer.CancelPendingFlush();
        _outgoing.Reader.CancelPendingRead();
        await _receiving;
        await _sending;
    }

    private static PipeOptions Options(int limitBytes) => new(
        pauseWriterThreshold: limitBytes, resumeWriterThreshold: limitBytes / 2, useSynchronizationContext: false);

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
                await _socket.ReceiveAsync(Memory<byte>.Empty);
                var memory = writer.GetMemory(size);
                var received = await _socket.ReceiveAsync(memory);
                if (received == 0)
                {
                    break;
                }

                writer.Advance(received);
                if (received >= size && size < ReceiveBytesMax)
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
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            fault = Fail(TcpFailure.OfStream(RemoteAddress, exception));
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
                    await SendAllAsync(segment);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    fault = _fault;
                    break;
                }
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            fault = Fail(TcpFailure.OfStream(RemoteAddress, exception));
        }

        await reader.CompleteAsync(fault);
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    // The first fault is the cause; those that follow are its consequences.
    private TransportException Fail(TransportException fault) =>
        Interlocked.CompareExchange(ref _fault, fault, null) ?? fault;
}
