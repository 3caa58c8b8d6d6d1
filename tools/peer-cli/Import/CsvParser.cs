using System.Buffers;
using System.Text;

namespace Replica.PeerCli.Import;

/// <summary>Takes a CSV file byte by byte and gives it back row by row; a state machine without I/O.</summary>
/// <remarks>Source: [RFC4180] section 2. Differs: a lone line feed ends a row too, and an escape character may be set.</remarks>
internal sealed class CsvParser(CsvDialect dialect)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _cell = new();
    private List<CsvCell> _cells = [];
    private State _state = State.CellStart;
    private bool _quoted;
    private string? _fault;
    private long _line = 1;
    private long _rowLine = 1;
    private long _quoteLine;
    private int _rowBytes;

    private enum State
    {
        CellStart,
        Plain,
        Quoted,
        QuoteInQuoted,
        Escaped,
        AfterQuoteReturn,
        Broken,
    }

    /// <summary>Takes one byte.</summary>
    /// <returns>The row that this byte ended; null if it goes on. A blank line gives no row.</returns>
    public CsvRow? Push(byte next)
    {
        var row = Take(next);
        _line += next == '\n' ? 1 : 0;
        if (row || _rowBytes == 0)
        {
            return row ? EndRow() : null;
        }

        if (_rowBytes > ImportLimits.LineBytesMax && _state != State.Broken)
        {
            Break($"The row is longer than {ImportLimits.LineBytesMax} bytes"
                + (_state is State.Quoted or State.Escaped ? $": is the quote opened in line {_quoteLine} ever closed?" : "."));
        }

        return null;
    }

    /// <summary>Ends the file.</summary>
    /// <returns>The last row, if the file did not end with a line end.</returns>
    public CsvRow? Finish()
    {
        if (_rowBytes == 0 && _state == State.CellStart && _cells.Count == 0)
        {
            return null;
        }

        if (_state is State.Quoted or State.Escaped)
        {
            Break($"The quote opened in line {_quoteLine} is never closed.");
        }

        EndCell();
        _line++;
        return EndRow();
    }

    private bool Take(byte next)
    {
        _rowBytes++;
        switch (_state)
        {
            case State.CellStart when next == '"':
                _quoted = true;
                _quoteLine = _line;
                _state = State.Quoted;
                return false;
            case State.CellStart or State.Plain:
                return TakePlain(next);
            case State.Quoted when next == '"':
                _state = State.QuoteInQuoted;
                return false;
            case State.Quoted when next == dialect.Escape:
                _state = State.Escaped;
                return false;
            case State.Quoted or State.Escaped:
                _state = State.Quoted;
                Keep(next);
                return false;
            case State.QuoteInQuoted or State.AfterQuoteReturn:
                return TakeAfterQuote(next);
            default:
                return next == '\n';
        }
    }

    private bool TakePlain(byte next)
    {
        if (next == dialect.Delimiter)
        {
            EndCell();
            return false;
        }

        if (next == '\n')
        {
            EndCell();
            return true;
        }

        _state = State.Plain;
        Keep(next);
        return false;
    }

    private bool TakeAfterQuote(byte next)
    {
        switch (next)
        {
            case (byte)'"' when _state == State.QuoteInQuoted:
                _state = State.Quoted;
                Keep(next);
                return false;
            case (byte)'\r' when _state == State.QuoteInQuoted:
                _state = State.AfterQuoteReturn;
                return false;
            case (byte)'\n':
                EndCell();
                return true;
            default:
                if (next == dialect.Delimiter && _state == State.QuoteInQuoted)
                {
                    EndCell();
                    return false;
                }

                Break($"Something follows the closing quote of cell {_cells.Count + 1}; a quote inside quotes is written twice.");
                return false;
        }
    }

    private void Keep(byte next)
    {
        _cell.GetSpan(1)[0] = next;
        _cell.Advance(1);
    }

    private void EndCell()
    {
        if (_state == State.Broken)
        {
            return;
        }

        var bytes = _cell.WrittenSpan;
        if (!_quoted && bytes.EndsWith("\r"u8))
        {
            bytes = bytes[..^1];
        }

        try
        {
            _cells.Add(new(s_strict.GetString(bytes), _quoted));
        }
        catch (DecoderFallbackException)
        {
            Break($"Cell {_cells.Count + 1} is not valid UTF-8: convert the file first.");
            return;
        }

        _cell.ResetWrittenCount();
        _quoted = false;
        _state = State.CellStart;
        if (_cells.Count > ImportLimits.ColumnsMax)
        {
            Break($"The row has more than {ImportLimits.ColumnsMax} cells.");
        }
    }

    private void Break(string fault)
    {
        _fault ??= fault;
        _state = State.Broken;
    }

    private CsvRow? EndRow()
    {
        var blank = _fault is null && _cells is [{ Quoted: false, Text.Length: 0 }];
        var row = blank ? null : new CsvRow(_rowLine, _fault is null ? _cells : [], _fault);
        _cells = [];
        _cell.ResetWrittenCount();
        _state = State.CellStart;
        _quoted = false;
        _fault = null;
        _rowLine = _line;
        _rowBytes = 0;
        return row;
    }
}
