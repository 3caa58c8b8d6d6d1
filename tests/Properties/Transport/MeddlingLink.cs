using System.Collections.Concurrent;
using Replica.Transport.Links;

namespace Replica.Tests.Properties.Transport;

/// <summary>What a relay sends to a device, meddled with once some parts into the tunnel.</summary>
internal sealed class MeddlingLink(IByteLink inner, Meddling how, ConcurrentQueue<byte[]>? seen) : IByteLink
{
    // Frames of the relay and the handshake come first; only what follows is the devices' own messages.
    private const int PartsBefore = 8;

    private int _parts;
    private byte[]? _held;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(buffer, cancellationToken);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        seen?.Enqueue(bytes.ToArray());
        var part = ++_parts;
        if (part == PartsBefore && how != Meddling.None)
        {
            switch (how)
            {
                case Meddling.Drop:
                    return;
                case Meddling.Repeat:
                    await inner.SendAsync(bytes, cancellationToken);
                    break;
                case Meddling.Reorder:
                    _held = bytes.ToArray();
                    return;
                case Meddling.Alter:
                    var altered = bytes.ToArray();
                    altered[^1] ^= 1;
                    await inner.SendAsync(altered, cancellationToken);
                    return;
                default:
                    await inner.SendAsync(new byte[] { 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 }, cancellationToken);
                    break;
            }
        }

        await inner.SendAsync(bytes, cancellationToken);
        if (_held is { } held)
        {
            _held = null;
            await inner.SendAsync(held, cancellationToken);
        }
    }

    public ValueTask EndAsync(CancellationToken cancellationToken) => inner.EndAsync(cancellationToken);

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
