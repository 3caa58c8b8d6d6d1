using System.Threading.Channels;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>A device that can be dialled: what is to be said to it, and how much leads to it already.</summary>
internal sealed class RelayTarget(DeviceKey key, IByteLink link, int waitingMax)
{
    // Full means busy: the dialler is told so.
    private readonly Channel<RelayFrame> _outgoing = Channel.CreateBounded<RelayFrame>(waitingMax + 8);

    /// <summary>Its routing key.</summary>
    public DeviceKey Key => key;

    /// <summary>Its connection.</summary>
    public IByteLink Link => link;

    /// <summary>Diallers that wait for it. Under the server's lock.</summary>
    public int Waiting { get; set; }

    /// <summary>Tunnels that lead to it. Under the server's lock.</summary>
    public int Tunnels { get; set; }

    /// <summary>Queues a frame; false if it takes in too little.</summary>
    public bool TrySend(RelayFrame frame) => _outgoing.Writer.TryWrite(frame);

    /// <summary>Sends what is queued until the target is closed.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync())
            {
                await RelayFrameCodec.SendAsync(link, frame, CancellationToken.None);
            }
        }
        catch (TransportException)
        {
            link.Abort();
        }
    }

    /// <summary>Nothing more is to be said.</summary>
    public void Close() => _ = _outgoing.Writer.TryComplete();
}
