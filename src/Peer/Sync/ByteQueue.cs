using System.Buffers;

namespace Replica.Peer.Sync;

/// <summary>Bytes that wait to be sent, in pooled pieces that are wiped when done with: a space's secret may pass here.</summary>
internal sealed class ByteQueue
{
    private const int PieceBytesMin = 512;
    private const int PieceBytesMax = 32 * 1024;

    private readonly Queue<byte[]> _pieces = new();
    private byte[]? _last;
    private int _taken;
    private int _filled;

    /// <summary>How many bytes wait.</summary>
    public int Length { get; private set; }

    /// <summary>Copies bytes to the end.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_last is null || _filled == _last.Length)
            {
                // Grows with the queue, so that many small channels stay small.
                _last = ArrayPool<byte>.Shared.Rent(Math.Clamp(Length, PieceBytesMin, PieceBytesMax));
                _filled = 0;
                _pieces.Enqueue(_last);
            }

            var part = Math.Min(bytes.Length, _last.Length - _filled);
            bytes[..part].CopyTo(_last.AsSpan(_filled));
            _filled += part;
            bytes = bytes[part..];
        }
    }

    /// <summary>Moves the first bytes out; as many must be there.</summary>
    public void Read(Span<byte> output)
    {
        Length -= output.Length;
        while (!output.IsEmpty)
        {
            var first = _pieces.Peek();
            var end = ReferenceEquals(first, _last) ? _filled : first.Length;
            var part = Math.Min(output.Length, end - _taken);
            first.AsSpan(_taken, part).CopyTo(output);
            _taken += part;
            output = output[part..];
            if (_taken == end)
            {
                DropFirst();
            }
        }
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        while (_pieces.Count > 0)
        {
            DropFirst();
        }

        Length = 0;
    }

    private void DropFirst()
    {
        var first = _pieces.Dequeue();
        var end = first.Length;
        if (ReferenceEquals(first, _last))
        {
            end = _filled;
            _last = null;
        }

        first.AsSpan(0, end).Clear();
        ArrayPool<byte>.Shared.Return(first);
        _taken = 0;
    }
}
