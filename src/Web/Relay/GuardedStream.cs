using System.Runtime.CompilerServices;

namespace Replica.Web.Relay;

/// <summary>
/// What is under a WebSocket of a relay. Pings, pongs and empty messages never come up to those who count messages, though each
/// costs as much as one: who sends them beyond what a sign of life needs breaks its connection.
/// </summary>
internal sealed class GuardedStream(Stream inner, TimeProvider time) : Stream
{
    /// <summary>Answers that the WebSocket gives of itself, to pings, in one <see cref="PongWindow"/>.</summary>
    public const int PongsMax = 16;

    /// <summary>Bytes that may come before some of a message do: what fits into one read, and as much again.</summary>
    public const int IdleBytesMax = 128 * 1024;

    // The head of a frame, and a sign of life now and then.
    private const int FrameBytes = 64;

    private static readonly TimeSpan PongWindow = TimeSpan.FromSeconds(10);

    private long _idle;
    private long _asked;
    private long _written;
    private long _windowAt = time.GetTimestamp();
    private long _windowPongs;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes of a message came up.</summary>
    public void Received(int count) => _idle = count == 0 ? _idle : Math.Max(0, _idle - count - FrameBytes);

    /// <summary>A message is about to be sent: what is written without is an answer to a ping.</summary>
    public void Sending() => Interlocked.Increment(ref _asked);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        _idle += count;
        return _idle <= IdleBytesMax ? count : throw new IOException($"{_idle} bytes came without a message.");
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The WebSocket writes one frame after the other.
        _written++;
        var pongs = _written - Volatile.Read(ref _asked);
        if (time.GetElapsedTime(_windowAt) > PongWindow)
        {
            (_windowAt, _windowPongs) = (time.GetTimestamp(), pongs);
        }

        return pongs - _windowPongs <= PongsMax
            ? inner.WriteAsync(buffer, cancellationToken)
            : ValueTask.FromException(new IOException($"More than {PongsMax} pings came in {PongWindow.TotalSeconds} s."));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
