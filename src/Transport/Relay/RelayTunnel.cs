using System.Buffers;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>Two links joined: bytes of one go to the other as they are, no faster than it takes them.</summary>
internal sealed class RelayTunnel(IByteLink one, IByteLink other, ArrayPool<byte> buffers, TimeProvider time)
{
    /// <summary>How much of a direction is held.</summary>
    public const int BufferBytes = 64 * 1024;

    private long _bytes;
    private long _activeAt = time.GetTimestamp();

    /// <summary>Bytes moved both ways.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How long nothing was moved.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _activeAt));

    /// <summary>Moves bytes until both directions have ended or one link broke.</summary>
    /// <param name="pace">Called with the bytes that came from the first link (false) or the other (true): how long it must wait.</param>
    public Task RunAsync(Func<bool, int, TimeSpan> pace) =>
        Task.WhenAll(CopyAsync(one, other, false, pace), CopyAsync(other, one, true, pace));

    /// <summary>Breaks both links.</summary>
    public void Abort()
    {
        one.Abort();
        other.Abort();
    }

    private async Task CopyAsync(IByteLink from, IByteLink to, bool isBack, Func<bool, int, TimeSpan> pace)
    {
        try
        {
            while (await MoveAsync(from, to, isBack, pace))
            {
            }

            await to.EndAsync(CancellationToken.None);
        }
        catch (TransportException)
        {
            Abort();
        }
    }

    /// <returns>False at the end of the direction.</returns>
    private async ValueTask<bool> MoveAsync(IByteLink from, IByteLink to, bool isBack, Func<bool, int, TimeSpan> pace)
    {
        // An idle direction holds no buffer.
        _ = await from.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        var buffer = buffers.Rent(BufferBytes);
        try
        {
            var length = await from.ReceiveAsync(buffer.AsMemory(0, BufferBytes), CancellationToken.None);
            if (length == 0)
            {
                return false;
            }

            Volatile.Write(ref _activeAt, time.GetTimestamp());
            _ = Interlocked.Add(ref _bytes, length);
            await to.SendAsync(buffer.AsMemory(0, length), CancellationToken.None);
            if (pace(isBack, length) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time);
            }

            return true;
        }
        finally
        {
            buffers.Return(buffer);
        }
    }
}
