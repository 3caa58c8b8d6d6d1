namespace Replica.Tests.EndToEnd.Docs;

/// <summary>The blocks of commands that no test runs, each with its reason: <c>NotRun.txt</c>.</summary>
internal static class NotRun
{
    /// <summary>All entries.</summary>
    public static IReadOnlyList<(string Page, string FirstLine, string Reason)> Entries { get; } =
        [.. File.ReadLines(Path.Combine(Page.Repository, "tests/EndToEnd/Docs/NotRun.txt"))
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .Select(static line => line.Split(" | "))
            .Select(static parts => (parts[0], parts[1], parts[2]))];

    /// <summary>Whether a block is one of them: it is known by its first line.</summary>
    public static bool Holds(Page page, PagePart.Block block) =>
        block.Lines.Count > 0 && Entries.Any(entry => entry.Page == page.Name && block.Lines[0] == entry.FirstLine);
}
