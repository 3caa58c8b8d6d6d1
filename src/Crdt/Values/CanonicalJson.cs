using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Replica.Crdt.Values;

/// <summary>Writes JSON in one form only: no whitespace, sorted names, the shortest escapes and numbers.</summary>
/// <param name="output">Where the UTF-8 goes.</param>
public readonly ref struct CanonicalJson(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    /// <summary>Writes bytes that are JSON already, or punctuation.</summary>
    public void Raw(ReadOnlySpan<byte> utf8) => _output.Write(utf8);

    /// <summary>Writes an integer.</summary>
    public void Number(long value)
    {
        _ = Utf8Formatter.TryFormat(value, _output.GetSpan(20), out var written);
        _output.Advance(written);
    }

    /// <summary>Writes a finite double, with a point or an exponent so that it reads back as a double.</summary>
    public void Number(double value)
    {
        var span = _output.GetSpan(32);
        _ = value.TryFormat(span, out var written, "R", CultureInfo.InvariantCulture);
        if (!span[..written].ContainsAny(".E"u8))
        {
            span[written++] = (byte)'.';
            span[written++] = (byte)'0';
        }

        _output.Advance(written);
    }

    /// <summary>Writes a text in quotes; only quotes, backslashes and control characters are escaped.</summary>
    public void Text(string text)
    {
        var bytesMax = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        try
        {
            Text(rented.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Text(ReadOnlySpan<byte> utf8)
    {
        _output.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAny(Escaped);
            if (plain < 0)
            {
                _output.Write(utf8);
                break;
            }

            _output.Write(utf8[..plain]);
            Escape(utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        _output.Write("\""u8);
    }

    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(static c => (byte)c), (byte)'"', (byte)'\\', 0x7f]);

    private void Escape(byte c)
    {
        switch (c)
        {
            case (byte)'"':
                _output.Write("\\\""u8);
                break;
            case (byte)'\\':
                _output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                _output.Write("\\n"u8);
                break;
            case (byte)'\r':
                _output.Write("\\r"u8);
                break;
            case (byte)'\t':
                _output.Write("\\t"u8);
                break;
            default:
                _output.Write("\\u00"u8);
                _output.Write("0123456789abcdef"u8.Slice(c >> 4, 1));
                _output.Write("0123456789abcdef"u8.Slice(c & 0xf, 1));
                break;
        }
    }
}
