using System.Runtime.CompilerServices;
using System.Text;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;
using Replica.PeerCli.Import;
using Replica.Web.Json;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>The graph that the demo loads: where it comes from, and its nodes and edges one after the other.</summary>
internal sealed class GraphSource
{
    /// <summary>The longest dpkg status file in bytes; a whole distribution's has a quarter of it.</summary>
    public const long StatusBytesMax = 256 * 1024 * 1024;

    /// <summary>How many files of this machine's packages are loaded: enough for tens of thousands of nodes, few enough for some seconds.</summary>
    public const int SystemFilesMax = 20_000;

    private const string SystemStatus = "/var/lib/dpkg/status";
    private const string SystemLists = "/var/lib/dpkg/info";
    private const int PeekChars = 4096;

    private readonly Func<CancellationToken, IAsyncEnumerable<ImportItem>> _read;

    private GraphSource(string description, Func<CancellationToken, IAsyncEnumerable<ImportItem>> read)
    {
        Description = description;
        _read = read;
    }

    /// <summary>What it is, for people.</summary>
    public string Description { get; }

    /// <summary>Finds the graph: the user's own, or the project's documentation and the packages of this machine.</summary>
    /// <param name="data">A dpkg status file, a file of JSON Lines, or a folder of Markdown; null for what is at hand.</param>
    /// <exception cref="ReplicaException">Nothing is there, or it is of no known form.</exception>
    public static GraphSource Open(string? data) => data is null ? AtHand() : Directory.Exists(data) ? Folder(data) : OfFile(data);

    /// <summary>Reads the nodes and edges.</summary>
    public IAsyncEnumerable<ImportItem> ReadAsync(CancellationToken cancellationToken) => _read(cancellationToken);

    private static GraphSource AtHand()
    {
        var descriptions = new List<string>();
        IEnumerable<Mutation> graph = [];
        if (MarkdownFolder.TryReadProject([AppContext.BaseDirectory, Directory.GetCurrentDirectory()]) is { Count: > 0 } pages)
        {
            descriptions.Add($"the project's documentation ({pages.Count} pages)");
            graph = graph.Concat(MarkdownGraph.Of(pages));
        }

        if (File.Exists(SystemStatus))
        {
            var stanzas = Stanzas(SystemStatus);
            var files = DpkgFiles.Read(stanzas, SystemLists, SystemFilesMax);
            descriptions.Add(
                $"the package graph of this Debian machine ({stanzas.Count} packages, {files.Values.Sum(static list => list.Count)} of their files)");
            graph = graph.Concat(DpkgGraph.Of(stanzas, files));
        }

        return descriptions.Count > 0
            ? new(string.Join(" and ", descriptions), cancellationToken => ItemsAsync(graph, cancellationToken))
            : throw new ReplicaException(
                "REPLICA_NO_DATA",
                "Neither this project's documentation nor a dpkg status file is at hand: name a graph with --data FILE "
                + "(JSON Lines, a dpkg status file, or a folder of Markdown).");
    }

    private static GraphSource Folder(string path)
    {
        var pages = MarkdownFolder.Read(path);
        return pages.Count > 0
            ? new($"the Markdown in {path} ({pages.Count} pages)", cancellationToken => ItemsAsync(MarkdownGraph.Of(pages), cancellationToken))
            : throw new ReplicaException("REPLICA_NO_DATA", $"'{path}' holds no file whose name ends in .md: name another with --data.");
    }

    private static GraphSource OfFile(string path)
    {
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || Peek(path) is '{' or '\0')
        {
            return new($"the JSON Lines in {path}", cancellationToken => LinesAsync(path, cancellationToken));
        }

        var stanzas = Stanzas(path);
        return new($"the package graph in {path} ({stanzas.Count} packages)", cancellationToken =>
            ItemsAsync(DpkgGraph.Of(stanzas, new Dictionary<DpkgStanza, IReadOnlyList<string>>()), cancellationToken));
    }

    /// <summary>The first character that is no blank; zero if there is none near the beginning.</summary>
    private static char Peek(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        Span<char> first = stackalloc char[PeekChars];
        var text = first[..reader.ReadBlock(first)].TrimStart();
        return text.IsEmpty ? '\0' : text[0];
    }

    private static List<DpkgStanza> Stanzas(string path)
    {
        if (new FileInfo(path).Length > StatusBytesMax)
        {
            throw new ReplicaException("REPLICA_TOO_LARGE", $"'{path}' has more than {StatusBytesMax} bytes: name a smaller file with --data.");
        }

        using var reader = new StreamReader(path, Encoding.UTF8);
        return DpkgReader.Read(reader, path);
    }

    private static async IAsyncEnumerable<ImportItem> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = ImportFile.Open(path, "jsonl");
        await foreach (var item in JsonLines.ReadAsync(file.Content, cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>The mutations as items. What passes a limit of the format, as a very long path may, is an item with a fault.</summary>
    private static async IAsyncEnumerable<ImportItem> ItemsAsync(
        IEnumerable<Mutation> mutations, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The readers are synchronous; giving way once lets the caller start its clock and its display before they work.
        await Task.Yield();
        var place = 0L;
        foreach (var mutation in mutations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Item(++place, mutation);
        }
    }

    private static ImportItem Item(long place, Mutation mutation)
    {
        try
        {
            MutationLimits.Check(mutation);
            return ImportItem.Good(place, [mutation]);
        }
        catch (EncodingException fault)
        {
            return ImportItem.Bad(place, fault.Message);
        }
    }
}
