using System.IO.Pipelines;

namespace Replica.Transport.Memory;

/// <summary>A pipe's reader that fails once the stream is broken.</summary>
/// <param name="inner">The reader of the pipe.</param>
/// <param name="fault">What breaks the stream.</param>
internal sealed class MemoryReader(PipeReader inner, MemoryFault fault) : PipeReader
{
    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        fault.ThrowIfRaised();
        var result = await inner.ReadAsync(cancellationToken);
        if (result.IsCanceled)
        {
            ThrowIfRaised(result);
        }

        return result;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        fault.ThrowIfRaised();
        return inner.TryRead(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    // A read that returned must be closed by an advance, even when its result is not handed on.
    private void ThrowIfRaised(ReadResult result)
    {
        try
        {
            fault.ThrowIfRaised();
        }
        catch (TransportException)
        {
            inner.AdvanceTo(result.Buffer.Start);
            throw;
        }
    }
}
