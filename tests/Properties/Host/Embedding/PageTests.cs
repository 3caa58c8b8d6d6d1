using Replica.Tests.Properties.House;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>What the pages on embedding print stands in code that is compiled and run.</summary>
public sealed class PageTests
{
    private static readonly string[][] s_compiled =
    [
        .. RepoRoot.Files().Where(static file => file.Is(".cs") && (file.IsBelow("samples") || file.IsBelow("tests/Properties/Host/Embedding")))
            .Select(static file => file.Lines.Select(static line => line.Trim()).Where(static line => line.Length > 0).ToArray()),
    ];

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/embedding.md", 12)]
    [InlineData("src/Web/README.md", 2)]
    public void Each_code_block_of_the_page_stands_in_code_that_is_compiled_and_run(string name, int due)
    {
        var page = RepoRoot.Files().Single(file => file.Name == name);
        var blocks = BlocksOf(page.Lines).ToArray();

        Assert.Equal(due, blocks.Length);
        Verdict.None(
            blocks.Where(static block => !s_compiled.Any(code => Holds(code, block.Lines)))
                .Select(block => page.At(block.Line, "no compiled code has this block.")),
            "change the block and the code together (tests/Properties/Host/Embedding/PageSnippets.cs, samples)");
    }

    [Fact]
    public void A_block_that_differs_in_one_word_is_found()
    {
        string[] code = ["var a = 1;", "var b = 2;"];

        Assert.True(Holds(code, ["var b = 2;"]));
        Assert.False(Holds(code, ["var b = 3;"]));
        Assert.False(Holds(code, ["var b = 2;", "var a = 1;"]));
    }

    private static bool Holds(string[] code, string[] block) =>
        Enumerable.Range(0, Math.Max(0, code.Length - block.Length + 1)).Any(at => code.AsSpan(at, block.Length).SequenceEqual(block));

    private static IEnumerable<(int Line, string[] Lines)> BlocksOf(string[] page)
    {
        for (var at = 0; at < page.Length; at++)
        {
            if (page[at] == "```csharp")
            {
                var lines = page.Skip(at + 1).TakeWhile(static line => line != "```");
                yield return (at + 1, [.. lines.Select(static line => line.Trim()).Where(static line => line.Length > 0)]);
            }
        }
    }
}
