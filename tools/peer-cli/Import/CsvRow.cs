namespace Replica.PeerCli.Import;

/// <summary>One row of a CSV file, or what is wrong with it.</summary>
/// <param name="Line">The line on which it begins, counted from 1.</param>
/// <param name="Cells">Its cells; empty where there is a fault.</param>
/// <param name="Fault">Why it can't be read; null if all is well.</param>
internal sealed record CsvRow(long Line, IReadOnlyList<CsvCell> Cells, string? Fault);
