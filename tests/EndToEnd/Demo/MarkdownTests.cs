using Replica.PeerCli.Demo.Graphs;
using Xunit;

namespace Replica.Tests.EndToEnd.Demo;

public sealed class MarkdownTests
{
    [Fact]
    public void Headings_keep_level_text_and_a_name_of_their_own()
    {
        var page = MarkdownPage.Read("# The `one` page!\n\n## Part\r\ntext\n   ###   Deep, and odd ###\n## Part\n#no heading\n    # code\n####### seven\n");

        Assert.Equal(
            [
                new(1, "The `one` page!", "the-one-page", 1), new(2, "Part", "part", 3), new(3, "Deep, and odd", "deep-and-odd", 5),
                new(2, "Part", "part-1", 6),
            ],
            page.Headings);
        Assert.Equal("The `one` page!", page.Title);
    }

    [Theory]
    [InlineData("see [a page](docs/a.md).", "a page", "docs/a.md")]
    [InlineData("![picture](a.png \"title\")", "picture", "a.png")]
    [InlineData("[spaced]( <a.md> )", "spaced", "a.md")]
    [InlineData("[by name][n]\n\n[n]: https://example.org/x", "by name", "https://example.org/x")]
    [InlineData("[Itself][]\n\n[itself]: b.md", "Itself", "b.md")]
    [InlineData("<https://example.org>", "https://example.org", "https://example.org")]
    public void A_link_is_found_in_each_of_its_forms(string text, string shows, string leads) =>
        Assert.Equal([new MarkdownLink(-1, shows, leads)], MarkdownPage.Read(text).Links);

    [Theory]
    [InlineData("```\n[no](link)\n# no heading\n```\n")]
    [InlineData("~~~ text\n[no](link)\n```\n# no heading\n~~~\n")]
    [InlineData("say `[no](link)` and `<https://example.org>`")]
    [InlineData("an array[0](is no link in brackets of its own")]
    [InlineData("[nothing][of that name]")]
    public void Code_and_half_links_hold_nothing(string text)
    {
        var page = MarkdownPage.Read(text);

        Assert.Empty(page.Links);
        Assert.Empty(page.Headings);
    }

    [Fact]
    public void Pages_become_a_graph_in_which_links_lead_to_what_is_there()
    {
        var pages = new SortedDictionary<string, MarkdownPage>(StringComparer.Ordinal)
        {
            ["README.md"] = MarkdownPage.Read("# Start\n[next](docs/next.md#part) [again](docs/next.md#part) [gone](docs/next.md#gone)\n"),
            ["docs/next.md"] = MarkdownPage.Read("# Next\n## Part\n[up](../README.md) [code](../src/A.cs) <https://example.org>\n# Last\n"),
        };

        Assert.Equal(
            [
                "page/README.md (page) title=\"Start\" words=5",
                "page/README.md#start (heading) text=\"Start\" level=1 line=1",
                "page/README.md -contains-> page/README.md#start",
                "page/docs/next.md (page) title=\"Next\" words=9",
                "page/docs/next.md#next (heading) text=\"Next\" level=1 line=1",
                "page/docs/next.md -contains-> page/docs/next.md#next",
                "page/docs/next.md#part (heading) text=\"Part\" level=2 line=2",
                "page/docs/next.md#next -contains-> page/docs/next.md#part",
                "page/docs/next.md#last (heading) text=\"Last\" level=1 line=4",
                "page/docs/next.md -contains-> page/docs/next.md#last",
                "page/README.md#start -links-to-> page/docs/next.md#part text=\"next\"",
                "page/README.md#start -links-to-> page/docs/next.md text=\"gone\"",
                "page/docs/next.md#part -links-to-> page/README.md text=\"up\"",
                "file/src/A.cs (file) target=\"../src/A.cs\"",
                "page/docs/next.md#part -links-to-> file/src/A.cs text=\"code\"",
                "web/https://example.org (web) target=\"https://example.org\"",
                "page/docs/next.md#part -links-to-> web/https://example.org text=\"https://example.org\"",
            ],
            GraphText.Of(MarkdownGraph.Of(pages)));
    }

    [Fact]
    public void The_projects_own_documentation_is_found_from_within_it()
    {
        var pages = MarkdownFolder.TryReadProject([AppContext.BaseDirectory]);

        Assert.NotNull(pages);
        Assert.Contains("README.md", pages.Keys);
        Assert.Contains(pages.Keys, static path => path.StartsWith("docs/decisions/", StringComparison.Ordinal));
    }
}
