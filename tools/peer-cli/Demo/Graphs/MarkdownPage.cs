using System.Text;
using System.Text.RegularExpressions;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>What a page of Markdown holds for a graph: its headings and links. Code is passed over.</summary>
/// <param name="Headings">The headings, from the top.</param>
/// <param name="Links">The links, from the top.</param>
/// <param name="Words">How many words it has, code and marks included.</param>
internal sealed partial record MarkdownPage(IReadOnlyList<MarkdownHeading> Headings, IReadOnlyList<MarkdownLink> Links, int Words)
{
    private const int PatternMilliseconds = 1000;

    /// <summary>The first heading, which is what the page is called; empty if it has none.</summary>
    public string Title => Headings.Count > 0 ? Headings[0].Text : "";

    /// <summary>Reads a page.</summary>
    /// <exception cref="RegexMatchTimeoutException">A line is of a form that takes too long to read.</exception>
    public static MarkdownPage Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var headings = new List<MarkdownHeading>();
        var links = new List<MarkdownLink>();
        var slugs = new Dictionary<string, int>(StringComparer.Ordinal);
        var definitions = Definitions(lines);
        var words = 0;
        string? fence = null;
        foreach (var (index, line) in lines.Index())
        {
            words += line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
            var mark = Fence().Match(line);
            if (mark.Success)
            {
                fence = fence is null ? mark.Groups["mark"].Value[..3] : line.TrimStart().StartsWith(fence, StringComparison.Ordinal) ? null : fence;
                continue;
            }

            if (fence is not null)
            {
                continue;
            }

            if (Heading().Match(line) is { Success: true } heading)
            {
                var title = heading.Groups["title"].Value.TrimEnd('#', ' ');
                headings.Add(new(heading.Groups["level"].Length, title, Slug(title, slugs), index + 1));
            }

            AddLinks(line, headings.Count - 1, definitions, links);
        }

        return new(headings, links, words);
    }

    private static void AddLinks(string line, int heading, Dictionary<string, string> definitions, List<MarkdownLink> links)
    {
        // Brackets in code are no links.
        var plain = Code().Replace(line, static code => code.Value.Replace('[', ' ').Replace('<', ' '));
        foreach (Match link in Inline().Matches(plain))
        {
            links.Add(new(heading, link.Groups["text"].Value, link.Groups["target"].Value));
        }

        foreach (Match link in Referred().Matches(plain))
        {
            var name = link.Groups[link.Groups["name"].Length > 0 ? "name" : "text"].Value;
            if (definitions.TryGetValue(name, out var target))
            {
                links.Add(new(heading, link.Groups["text"].Value, target));
            }
        }

        foreach (Match link in Bare().Matches(plain))
        {
            links.Add(new(heading, link.Groups["target"].Value, link.Groups["target"].Value));
        }
    }

    private static Dictionary<string, string> Definitions(string[] lines)
    {
        var definitions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var match in lines.Select(static line => Definition().Match(line)).Where(static match => match.Success))
        {
            _ = definitions.TryAdd(match.Groups["name"].Value, match.Groups["target"].Value);
        }

        return definitions;
    }

    /// <summary>The name of a heading as forges make it: small letters, digits, dashes; a number behind one that is taken.</summary>
    private static string Slug(string title, Dictionary<string, int> slugs)
    {
        var slug = new StringBuilder();
        foreach (var rune in title.EnumerateRunes())
        {
            _ = Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' ? slug.Append(Rune.ToLowerInvariant(rune))
                : rune.Value == ' ' ? slug.Append('-')
                : slug;
        }

        var name = slug.ToString();
        slugs[name] = slugs.TryGetValue(name, out var count) ? count + 1 : 0;
        return slugs[name] == 0 ? name : $"{name}-{slugs[name]}";
    }

    [GeneratedRegex(@"^ {0,3}(?<mark>```+|~~~+)", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}(?<level>#{1,6})\s+(?<title>\S.*)$", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`[^`]*`", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Code();

    [GeneratedRegex(@"\[(?<text>[^\[\]]*)\]\(\s*<?(?<target>[^)<>\s]+)>?(\s+""[^""]*"")?\s*\)", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Inline();

    [GeneratedRegex(@"\[(?<text>[^\[\]]+)\]\[(?<name>[^\[\]]*)\]", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Referred();

    [GeneratedRegex(@"<(?<target>https?://[^>\s]+)>", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^ {0,3}\[(?<name>[^\[\]]+)\]:\s*<?(?<target>[^>\s]+)>?", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Definition();
}
