using Replica.Web.Json;

namespace Replica.PeerCli.Import;

/// <summary>The bounds of an import: what keeps its memory level whatever the file holds.</summary>
internal static class ImportLimits
{
    /// <summary>The longest line or CSV row in bytes; a change is far shorter, JSON's escapes included.</summary>
    public const int LineBytesMax = GraphLines.LineBytesMax;

    /// <summary>The most columns of a CSV file.</summary>
    public const int ColumnsMax = 4096;

    /// <summary>The bytes of JSON after which a transaction is sent before it has all its lines.</summary>
    /// <remarks>A change has at most 1 MiB, and an array of short doubles takes 2.3 times its JSON there.</remarks>
    public const int BatchBytes = 384 * 1024;

    /// <summary>The lines in a transaction unless the user says otherwise.</summary>
    public const int BatchLines = 1000;

    /// <summary>The most lines that a user may put into one transaction.</summary>
    public const int BatchLinesMax = 10_000;

    /// <summary>How many bad lines are named when they are skipped; the rest is only counted.</summary>
    public const int BadLinesNamed = 20;
}
