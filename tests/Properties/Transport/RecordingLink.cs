using System.Collections.Concurrent;
using Replica.Transport.Links;

namespace Replica.Tests.Properties.Transport;

/// <summary>Keeps all that a device sends to the relay: with both devices', all that a relay ever sees.</summary>
internal sealed class RecordingLink(IByteLink inner, ConcurrentQueue<byte[]> seen) : IByteLink
{
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await inner.ReceiveAsync(buffer, cancellationToken);
        if (length > 0)
        {
            seen.Enqueue(buffer[..length].ToArray());
        }

        return length;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.SendAsync(bytes, cancellationToken);

    public ValueTask EndAsync(CancellationToken cancellationToken) => inner.EndAsync(cancellationToken);

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
