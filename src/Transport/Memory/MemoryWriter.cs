using System.IO.Pipelines;

namespace Replica.Transport.Memory;

/// <summary>A pipe's writer that fails once the stream is broken.</summary>
/// <param name="inner">The writer of the pipe.</param>
/// <param name="fault">What breaks the stream.</param>
internal sealed class MemoryWriter(PipeWriter inner, MemoryFault fault) : PipeWriter
{
    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        fault.ThrowIfRaised();
        var result = await inner.FlushAsync(cancellationToken);
        if (result.IsCanceled)
        {
            fault.ThrowIfRaised();
        }

        return result;
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => inner.Advance(bytes);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
