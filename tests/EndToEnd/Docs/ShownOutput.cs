using System.Text.RegularExpressions;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>
/// Compares what a page shows with what a command printed. What is new in each run counts as equal: ids, tickets, times, spans,
/// sizes, ports, and how wide a column is. On the page … stands for the rest of a word or line, and alone for any lines.
/// </summary>
internal static partial class ShownOutput
{
    private const string Anything = "…";

    /// <summary>Whether both say the same.</summary>
    public static bool Matches(IReadOnlyList<string> shown, IReadOnlyList<string> printed) =>
        Matches([.. shown.Select(Neutral)], [.. printed.Select(Neutral)], 0, 0);

    /// <summary>Whether what was printed begins with what is shown.</summary>
    public static bool Begins(IReadOnlyList<string> shown, IReadOnlyList<string> printed) => Matches([.. shown, Anything], printed);

    /// <summary>A line without what differs from run to run.</summary>
    public static string Neutral(string line)
    {
        line = Ticket().Replace(line, "TICKET");
        line = Instant().Replace(line, "TIME");
        line = Hex().Replace(line, "ID");
        line = Span().Replace(line, "SPAN");
        line = Size().Replace(line, "SIZE");
        line = Port().Replace(line, ":PORT");
        return Gap().Replace(line, "  ").TrimEnd();
    }

    private static bool Matches(List<string> shown, List<string> printed, int i, int j)
    {
        for (; i < shown.Count; i++, j++)
        {
            if (shown[i].Trim() == Anything)
            {
                for (var rest = j; rest <= printed.Count; rest++)
                {
                    if (Matches(shown, printed, i + 1, rest))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (j >= printed.Count || !IsLine(shown[i], printed[j]))
            {
                return false;
            }
        }

        return j == printed.Count;
    }

    private static bool IsLine(string shown, string printed) => shown == printed
        || (shown.Contains(Anything, StringComparison.Ordinal)
            && Regex.IsMatch(printed, "^" + string.Join(".*", shown.Split(Anything).Select(Regex.Escape)) + "$"));

    [GeneratedRegex(@"replica1[0-9a-z]{20,}")]
    private static partial Regex Ticket();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?")]
    private static partial Regex Instant();

    // One id of eight in forty has no letter, some have no digit.
    [GeneratedRegex(@"\b[0-9a-f]{8,}\b")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\b\d+([.,]\d+)? ?(ms|s|seconds?|min|minutes?)\b")]
    private static partial Regex Span();

    [GeneratedRegex(@"\b\d[\d.,]* (B|kB|KB|KiB|MB|MiB)\b")]
    private static partial Regex Size();

    [GeneratedRegex(@":\d{5}\b")]
    private static partial Regex Port();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Gap();
}
