using System.Text;

namespace Replica.PeerCli.Output;

/// <summary>
/// A table on a screen: a heading, columns in line, the last one cut at the edge. The first rows decide how wide the columns are;
/// from then on rows are written as they come, so that a long list begins at once and needs no memory.
/// </summary>
internal sealed class ScreenTable(Terminal terminal, params string[] headings)
{
    private const int MeasuredRows = 100;
    private const int ColumnMax = 60;
    private readonly List<Cell[]> _waiting = [];
    private int[]? _widths;

    /// <summary>Adds a row, with as many cells as there are headings.</summary>
    public void Add(params Cell[] cells)
    {
        if (_widths is not null)
        {
            Write(cells);
            return;
        }

        _waiting.Add(cells);
        if (_waiting.Count == MeasuredRows)
        {
            End();
        }
    }

    /// <summary>Writes what still waits. Without a row nothing is written, not even the heading.</summary>
    public void End()
    {
        if (_widths is not null || _waiting.Count == 0)
        {
            return;
        }

        _widths = [.. headings.Select((heading, i) => Math.Min(ColumnMax, Math.Max(heading.Length, _waiting.Max(row => Width(row[i].Text)))))];
        Write([.. headings.Select(static heading => new Cell(heading, static (paint, text) => paint.Head(text)))]);
        _waiting.ForEach(Write);
        _waiting.Clear();
    }

    private void Write(Cell[] cells)
    {
        var line = new StringBuilder();
        var taken = 0;
        var last = Array.FindLastIndex(cells, static cell => cell.Text.Length > 0);
        for (var i = 0; i <= last; i++)
        {
            var text = i == cells.Length - 1 ? Cut(cells[i].Text, terminal.Width - taken) : cells[i].Text;
            _ = line.Append(cells[i].Tone is { } tone ? tone(terminal.Paint, text) : text);
            if (i < last)
            {
                var padding = Math.Max(0, _widths![i] - Width(text)) + 2;
                _ = line.Append(' ', padding);
                taken += Width(text) + padding;
            }
        }

        terminal.Line(line.ToString());
    }

    private static int Width(string text) => text.EnumerateRunes().Count();

    private static string Cut(string text, int width) => width < 10 || Width(text) <= width
        ? text
        : string.Concat(text.EnumerateRunes().Take(width - 1).Select(static rune => rune.ToString())) + "…";
}
