namespace Replica.PeerCli.Demo.Graphs;

/// <summary>One package of a dpkg status file: its fields by name, as they stand there.</summary>
/// <param name="line">Where it begins, counted from 1.</param>
/// <param name="fields">The fields; the lines of a long one are joined by line feeds, without their leading blank.</param>
internal sealed class DpkgStanza(long line, IReadOnlyDictionary<string, string> fields)
{
    /// <summary>Where it begins, counted from 1.</summary>
    public long Line { get; } = line;

    /// <summary>The package's name; empty where the field is missing.</summary>
    public string Package => this["Package"];

    /// <summary>A field; empty where it is missing.</summary>
    public string this[string name] => fields.GetValueOrDefault(name, "");

    /// <summary>The first line of a field; empty where it is missing.</summary>
    public string FirstLine(string name)
    {
        var text = this[name];
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
