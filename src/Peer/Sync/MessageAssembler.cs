using System.Buffers;

namespace Replica.Peer.Sync;

/// <summary>Cuts the bytes of one channel into messages <c>length (LEB128) ‖ body</c>.</summary>
/// <remarks>
/// A body that lies whole in the input is handed out as a part of it; else it is gathered in a pooled buffer of at most four
/// times what came, whatever length was announced.
/// </remarks>
/// <param name="messageBytesMax">The longest body allowed, in bytes.</param>
internal sealed class MessageAssembler(int messageBytesMax)
{
    private const int BufferBytesMin = 1024;
    private const int GrowthFactor = 4;

    private readonly byte[] _head = new byte[Leb128.BytesMax];
    private int _headBytes;
    private int _length;
    private byte[] _buffer = [];
    private int _filled;
    private bool _lent;

    /// <summary>True when a message has begun and not ended.</summary>
    public bool IsInside => _headBytes > 0 || _length > 0;

    /// <summary>How many bytes of an unfinished message are kept.</summary>
    public int BufferedBytes => _filled;

    /// <summary>Takes from the front of <paramref name="input"/> up to the end of a message.</summary>
    /// <param name="input">What came; what is taken is cut off.</param>
    /// <param name="body">The message, until <see cref="Release"/>.</param>
    /// <returns>False when the input is used up before a message ends.</returns>
    /// <exception cref="ChannelException">The length is not allowed.</exception>
    public bool TryTake(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (_length == 0 && !TryTakeLength(ref input))
        {
            return false;
        }

        if (_filled == 0 && input.Length >= _length)
        {
            body = input[.._length];
            input = input[_length..];
            _length = 0;
            return true;
        }

        var part = Math.Min(input.Length, _length - _filled);
        Reserve(_filled + part);
        input.Span[..part].CopyTo(_buffer.AsSpan(_filled));
        input = input[part..];
        _filled += part;
        if (_filled < _length)
        {
            return false;
        }

        body = _buffer.AsMemory(0, _filled);
        _length = 0;
        _lent = true;
        return true;
    }

    /// <summary>Takes back the body that was handed out.</summary>
    public void Release()
    {
        _lent = false;
        if (_length == 0)
        {
            Drop();
        }
    }

    /// <summary>Forgets what has begun. A body that is handed out stays valid.</summary>
    public void Reset()
    {
        _headBytes = 0;
        _length = 0;
        if (!_lent)
        {
            Drop();
        }
    }

    private bool TryTakeLength(ref ReadOnlyMemory<byte> input)
    {
        int taken;
        uint length;
        if (_headBytes == 0)
        {
            taken = Leb128.Read(input.Span, out length);
            if (taken == 0)
            {
                input.Span.CopyTo(_head);
                _headBytes = input.Length;
            }
        }
        else
        {
            var part = Math.Min(input.Length, _head.Length - _headBytes);
            input.Span[..part].CopyTo(_head.AsSpan(_headBytes));
            taken = Leb128.Read(_head.AsSpan(0, _headBytes + part), out length);
            _headBytes += part;
            taken = taken == 0 ? 0 : taken - (_headBytes - part);
        }

        if (taken == 0)
        {
            input = default;
            return false;
        }

        if (length == 0 || length > messageBytesMax)
        {
            throw new ChannelException(
                ChannelFault.MessageLength, $"A message of {length} bytes is announced; 1 to {messageBytesMax} are allowed.");
        }

        input = input[taken..];
        _headBytes = 0;
        _length = (int)length;
        return true;
    }

    private void Reserve(int bytes)
    {
        if (bytes <= _buffer.Length)
        {
            return;
        }

        var greater = ArrayPool<byte>.Shared.Rent(Math.Min(_length, Math.Max(BufferBytesMin, GrowthFactor * bytes)));
        _buffer.AsSpan(0, _filled).CopyTo(greater);
        ReturnBuffer();
        _buffer = greater;
    }

    private void Drop()
    {
        ReturnBuffer();
        _buffer = [];
        _filled = 0;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            _buffer.AsSpan(0, _filled).Clear();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
