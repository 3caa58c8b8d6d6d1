using System.Runtime.CompilerServices;
using Replica.Web.Json;

namespace Replica.PeerCli.Import;

/// <summary>Reads a file of JSON objects, one a line; blank lines are passed over.</summary>
internal static class JsonLines
{
    /// <summary>Reads line by line in constant memory.</summary>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <exception cref="InvalidDataException">A compressed stream is damaged.</exception>
    public static async IAsyncEnumerable<ImportItem> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in GraphLines.ReadAsync(stream, cancellationToken))
        {
            yield return line.Mutation is { } mutation ? ImportItem.Good(line.Line, [mutation]) : ImportItem.Bad(line.Line, line.Fault!);
        }
    }
}
