using System.Runtime.CompilerServices;
using Replica.Transport.Links;

namespace Replica.Web.Relay;

/// <summary>Tells a <see cref="GuardedStream"/> which of its bytes were asked for.</summary>
internal sealed class GuardedLink(IByteLink inner, GuardedStream stream) : IByteLink
{
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await inner.ReceiveAsync(buffer, cancellationToken);
        stream.Received(count);
        return count;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        stream.Sending();
        return inner.SendAsync(bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        stream.Sending();
        return inner.EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Abort() => inner.Abort();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
