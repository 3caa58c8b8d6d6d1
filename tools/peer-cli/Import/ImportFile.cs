using System.IO.Compression;

namespace Replica.PeerCli.Import;

/// <summary>A file to import: its name tells its form and whether it is compressed.</summary>
internal sealed class ImportFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Stream _content;

    private ImportFile(string name, FileStream file, bool isCsv)
    {
        Name = name;
        IsCsv = isCsv;
        _file = file;
        _content = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The name as the user gave it.</summary>
    public string Name { get; }

    /// <summary>Whether it holds CSV; JSON Lines if not.</summary>
    public bool IsCsv { get; }

    /// <summary>What it holds, decompressed.</summary>
    public Stream Content => _content;

    /// <summary>How many bytes of the file were read; 0 if it can't tell, as a pipe.</summary>
    public long BytesDone => _file.CanSeek ? _file.Position : 0;

    /// <summary>How long the file is in bytes; 0 if it can't tell.</summary>
    public long BytesTotal => _file.CanSeek ? _file.Length : 0;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="format">What the user says it is: <c>csv</c>, <c>jsonl</c>, or null to go by its name.</param>
    /// <exception cref="UsageException">Nothing says what it is.</exception>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static ImportFile Open(string name, string? format)
    {
        var isCsv = (format ?? FormatOf(name)) == "csv";
        return new(name, new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1), isCsv);
    }

    /// <summary>Whether the file would be read as CSV.</summary>
    public static bool IsCsvName(string name, string? format) => (format ?? FormatOf(name)) == "csv";

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    private static string FormatOf(string name)
    {
        var bare = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Path.GetExtension(bare).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" or ".dat" => "csv",
            ".jsonl" or ".ndjson" or ".json" => "jsonl",
            _ => throw new UsageException($"{name}: the name does not say what it holds; give --format jsonl or --format csv."),
        };
    }
}
