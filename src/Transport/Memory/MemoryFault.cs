using System.IO.Pipelines;

namespace Replica.Transport.Memory;

/// <summary>Breaks both directions of a stream in the process at once, and wakes whoever waits on them.</summary>
/// <param name="there">One direction.</param>
/// <param name="back">The other.</param>
internal sealed class MemoryFault(Pipe there, Pipe back)
{
    private TransportException? _reason;

    /// <summary>Breaks the stream; only the first reason counts.</summary>
    public void Raise(TransportException reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
        {
            return;
        }

        there.Reader.CancelPendingRead();
        there.Writer.CancelPendingFlush();
        back.Reader.CancelPendingRead();
        back.Writer.CancelPendingFlush();
    }

    /// <summary>Throws when the stream is broken.</summary>
    public void ThrowIfRaised()
    {
        if (Volatile.Read(ref _reason) is { } reason)
        {
            throw new TransportException(reason.Failure, reason.Message, reason);
        }
    }
}
