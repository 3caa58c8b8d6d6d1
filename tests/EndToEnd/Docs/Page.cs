using System.Text.RegularExpressions;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>A page for readers: its fenced blocks, and what the reader does by hand between them, in their order.</summary>
internal sealed partial class Page
{
    private Page(string name, List<string> lines, List<PagePart> parts)
    {
        Name = name;
        Lines = lines;
        Parts = parts;
    }

    /// <summary>Its path in the repository.</summary>
    public string Name { get; }

    /// <summary>All its lines.</summary>
    public List<string> Lines { get; }

    /// <summary>What there is to do on it.</summary>
    public IReadOnlyList<PagePart> Parts { get; }

    /// <summary>The fenced blocks.</summary>
    public IEnumerable<PagePart.Block> Blocks => Parts.OfType<PagePart.Block>();

    /// <summary>The folder of the repository, above the test's own binaries.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The names of all pages that are written for readers. A decision is never changed, so its blocks are not run.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository, "samples"), "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Repository, "*.md"))
        .Select(static path => Path.GetRelativePath(Repository, path)).Order(StringComparer.Ordinal);

    /// <summary>Reads a page.</summary>
    public static Page Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository, name)).ToList();
        var parts = new List<PagePart>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (HandWork().Match(lines[i]) is { Success: true } hand)
            {
                parts.Add(new PagePart.Copy(hand.Groups[1].Value, hand.Groups[2].Value, hand.Groups[3].Value, hand.Groups[4].Value));
            }
            else if (Fence().Match(lines[i]) is { Success: true } fence)
            {
                var end = lines.FindIndex(i + 1, line => line.Trim() == "```");
                parts.Add(new PagePart.Block(fence.Groups[2].Value, i + 1, lines[(i + 1)..end]));
                i = end;
            }
        }

        return new(name, lines, parts);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Replica.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Replica.sln above {AppContext.BaseDirectory}: run the tests from a clone.");
    }

    [GeneratedRegex(@"^( *)```(.*)$")]
    private static partial Regex Fence();

    // Readers do not see it: the text says in words that the file goes to the other machine.
    [GeneratedRegex(@"^<!-- by hand: (\w+):(\S+) to (\w+):(\S+) -->$")]
    private static partial Regex HandWork();
}
