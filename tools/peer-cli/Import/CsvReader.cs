using System.Runtime.CompilerServices;

namespace Replica.PeerCli.Import;

/// <summary>Reads a CSV file row by row in constant memory.</summary>
internal static class CsvReader
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>All rows, faulty ones included; a byte order mark in front is passed over.</summary>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <exception cref="InvalidDataException">A compressed stream is damaged.</exception>
    public static async IAsyncEnumerable<CsvRow> ReadAsync(
        Stream stream, CsvDialect dialect, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = new CsvParser(dialect);
        var buffer = new byte[BufferBytes];
        var filled = await stream.ReadAtLeastAsync(buffer, 3, throwOnEndOfStream: false, cancellationToken);
        var start = buffer.AsSpan(0, filled).StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? 3 : 0;
        while (filled > 0)
        {
            for (var i = start; i < filled; i++)
            {
                if (parser.Push(buffer[i]) is { } row)
                {
                    yield return row;
                }
            }

            start = 0;
            filled = await stream.ReadAsync(buffer, cancellationToken);
        }

        if (parser.Finish() is { } last)
        {
            yield return last;
        }
    }
}
