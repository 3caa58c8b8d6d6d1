using System.Text;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>
/// Reads a dpkg status file: stanzas of <c>Name: value</c> lines with blank lines between them; a line that begins with a
/// blank continues the field before it.
/// </summary>
internal static class DpkgReader
{
    /// <summary>The longest stanza in characters; the longest known ones have some ten thousand.</summary>
    public const int StanzaCharsMax = 1024 * 1024;

    /// <summary>The most packages; a whole distribution has about half of it.</summary>
    public const int StanzasMax = 150_000;

    /// <summary>Reads all stanzas.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What the text is called in errors.</param>
    /// <exception cref="ReplicaException">A line is of another form, or a limit is passed.</exception>
    public static List<DpkgStanza> Read(TextReader reader, string name)
    {
        var stanzas = new List<DpkgStanza>();
        var fields = new Dictionary<string, StringBuilder>(StringComparer.OrdinalIgnoreCase);
        StringBuilder? open = null;
        var (line, start, chars) = (0L, 1L, 0);
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                Close();
                continue;
            }

            chars += text.Length;
            if (chars > StanzaCharsMax)
            {
                throw Bad(name, line, $"The package that begins in line {start} has more than {StanzaCharsMax} characters.");
            }

            if (text[0] is ' ' or '\t')
            {
                _ = (open ?? throw Bad(name, line, "It continues a field, and none is open.")).Append('\n').Append(text, 1, text.Length - 1);
                continue;
            }

            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                throw Bad(name, line, "It is not written 'Name: value', as each line of a dpkg status file is.");
            }

            if (fields.Count == 0)
            {
                start = line;
            }

            open = new StringBuilder(text[(colon + 1)..].Trim());
            if (!fields.TryAdd(text[..colon], open))
            {
                throw Bad(name, line, $"The field '{text[..colon]}' stands twice in one package.");
            }
        }

        Close();
        return stanzas;

        void Close()
        {
            if (fields.Count > 0)
            {
                stanzas.Add(stanzas.Count < StanzasMax
                    ? new(start, fields.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase))
                    : throw Bad(name, line, $"More than {StanzasMax} packages are there."));
            }

            fields.Clear();
            (open, chars) = (null, 0);
        }
    }

    private static ReplicaException Bad(string name, long line, string fault) =>
        new("REPLICA_BAD_LINE", $"{name} line {line}: {fault} Give a dpkg status file, JSON Lines, or a folder of Markdown.");
}
