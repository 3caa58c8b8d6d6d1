using System.Runtime.CompilerServices;

namespace Replica.PeerCli.Import;

/// <summary>Reads a CSV file as nodes and edges: its header, then its rows.</summary>
internal static class CsvImport
{
    /// <summary>Reads row by row.</summary>
    /// <exception cref="UsageException">The options name columns that the file does not have.</exception>
    public static async IAsyncEnumerable<ImportItem> ReadAsync(
        Stream stream, CsvOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mapping = options is { NoHeader: true, Columns: { } named } ? new CsvMapping(options, named) : null;
        await foreach (var row in CsvReader.ReadAsync(stream, options.Dialect, cancellationToken))
        {
            if (mapping is not null)
            {
                yield return mapping.Read(row);
                continue;
            }

            if (row.Fault is not null)
            {
                yield return ImportItem.Bad(row.Line, "The header can't be read: " + row.Fault);
                yield break;
            }

            mapping = new CsvMapping(options, options.Columns ?? [.. row.Cells.Select(static cell => cell.Text)]);
        }
    }
}
