using System.Threading.Channels;
using Replica.Peer.Sync;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>Moves what the channels have queued to the secure connection, whenever it is woken.</summary>
internal sealed class SessionWriter(PeerSession session, SecureConnection connection, SessionPulse pulse)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _bytes;

    /// <summary>How many bytes were handed to the connection.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Tells that something may be queued. Any thread.</summary>
    public void Wake() => _ = _wake.Writer.TryWrite(true);

    /// <summary>Whether it ended by itself, with all on its way that was to be said.</summary>
    public bool HasSaidAll { get; private set; }

    /// <summary>Waits for the writer's end, but not for long: the other side may take nothing.</summary>
    public static async Task EndSoonAsync(Task running, TimeProvider time)
    {
        try
        {
            await running.WaitAsync(SessionLimits.FarewellLimit, time);
        }
        catch (TimeoutException)
        {
            // It will not hear why.
        }
    }

    /// <summary>Runs until the session has ended and what it still had to say was sent.</summary>
    public async Task RunAsync()
    {
        var buffer = new byte[SecureConnection.PlaintextBytesMax];
        try
        {
            while (!session.IsEnding)
            {
                _ = await _wake.Reader.ReadAsync(session.Ended);
                await WriteQueuedAsync(buffer);
            }

            // The reason may have been queued after the last look.
            await WriteQueuedAsync(buffer);
            HasSaidAll = true;
        }
        catch (Exception fault) when (fault is SecureSessionException or TransportException or OperationCanceledException or ChannelException)
        {
            // The reader meets the same end and says why.
        }
    }

    private async Task WriteQueuedAsync(byte[] buffer)
    {
        while (session.TakeQueued(buffer) is > 0 and var length)
        {
            Volatile.Write(ref _bytes, _bytes + length);
            pulse.WriteStarted(length);
            await connection.WriteAsync(buffer.AsMemory(0, length), session.Ended);
            pulse.WriteEnded();
        }
    }
}
