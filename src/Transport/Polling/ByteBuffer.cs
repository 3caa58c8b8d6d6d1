using System.Buffers;
using System.IO.Pipelines;

namespace Replica.Transport.Polling;

/// <summary>Bytes on their way in one direction of a polling session; a writer waits while too many are there.</summary>
internal sealed class ByteBuffer
{
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PollingWire.BufferBytes, resumeWriterThreshold: PollingWire.BufferBytes / 2, useSynchronizationContext: false));

    /// <summary>Adds bytes, then waits until there is room for more.</summary>
    /// <returns>False when nobody reads them any more.</returns>
    /// <exception cref="TransportException">The buffer was broken.</exception>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return !(await _pipe.Writer.WriteAsync(bytes)).IsCompleted;
        }
        catch (InvalidOperationException fault)
        {
            throw new TransportException(TransportFailure.ConnectionLost, "The polling session is over.", fault);
        }
    }

    /// <summary>Takes what is there, and waits if nothing is.</summary>
    /// <param name="buffer">Where it goes; an empty one only waits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many bytes; 0 at the end, or for an empty buffer.</returns>
    /// <exception cref="TransportException">The buffer was broken.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken);
            var length = (int)Math.Min(read.Buffer.Length, buffer.Length);
            var taken = read.Buffer.Slice(0, length);
            taken.CopyTo(buffer.Span);
            _pipe.Reader.AdvanceTo(taken.End);
            return length;
        }
        catch (InvalidOperationException fault)
        {
            throw new TransportException(TransportFailure.ConnectionLost, "The polling session is over.", fault);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void End() => _pipe.Writer.Complete();

    /// <summary>Nobody reads any more: what is there is dropped, and writers are let go.</summary>
    public void StopReading() => _pipe.Reader.Complete();

    /// <summary>Ends both ends at once.</summary>
    public void Break()
    {
        var reason = new TransportException(TransportFailure.ConnectionLost, "The polling session is over.");
        _pipe.Writer.Complete(reason);
        _pipe.Reader.CancelPendingRead();
    }
}
