namespace Replica.PeerCli.Import;

/// <summary>How a CSV file is written. RFC 4180 by default.</summary>
internal sealed record CsvDialect
{
    /// <summary>What stands between cells.</summary>
    public byte Delimiter { get; init; } = (byte)',';

    /// <summary>What takes the meaning from the next character inside quotes; null for RFC 4180, where only "" does.</summary>
    public byte? Escape { get; init; }
}
