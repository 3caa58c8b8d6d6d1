using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>
/// What the pages print is true: their commands are run as printed on fresh machines, and the output is compared. Blocks are
/// <c>console</c> (prompts, commands and their output), <c>sh</c> (commands that succeed), <c>json</c> (parsed; <c>jsonc</c> with comments),
/// <c>hex</c> (on record), <c>csharp</c> (compared with compiled code elsewhere) and <c>text</c> (drawings and grammars). A prompt such as
/// <c>desk$</c> names the machine.
/// With REPLICA_UPDATE_GOLDEN=1 the output that is shown is rewritten: read the difference before committing.
/// </summary>
public sealed partial class PageTests(ITestOutputHelper log)
{
    private static readonly string[] s_languages = ["console", "sh", "json", "jsonc", "hex", "csharp", "text", "ini", "xml", "sql"];

    public static TheoryData<string> PagesWithCommands => [.. Page.Names.Where(static name =>
        Page.Read(name).Blocks.Any(static block => block.Language is "console" or "sh"))];

    public static TheoryData<string> AllPages => [.. Page.Names];

    [NamespaceTheory]
    [MemberData(nameof(PagesWithCommands))]
    public async Task Every_command_of_a_page_does_what_the_page_says(string name)
    {
        var page = Page.Read(name);
        await using var machines = await Machines.CreateAsync(page);
        var run = new PageRun(page, machines);

        await run.RunAsync();

        log.WriteLine($"{name}: {run.Commands} commands run");
        if (PageRun.IsRewriting)
        {
            run.Correct();
        }

        Assert.True(run.Faults.Length == 0, run.Faults);
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_block_says_what_it_is(string name) => Assert.All(Page.Read(name).Blocks, block =>
        Assert.True(s_languages.Contains(block.Language), $"{name}:{block.First}: '{block.Language}' is none of: {string.Join(", ", s_languages)}"));

    [Theory]
    [MemberData(nameof(AllPages))]
    public void No_command_hides_in_a_drawing(string name) => Assert.All(
        Page.Read(name).Blocks.Where(static block => block.Language is not ("console" or "sh")),
        static block => Assert.DoesNotContain(block.Lines, static line => CommandLine().IsMatch(line)));

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Json_is_json(string name)
    {
        foreach (var block in Page.Read(name).Blocks.Where(static block => block.Language is "json" or "jsonc"))
        {
            var text = string.Join('\n', block.Lines);
            var isStrict = block.Language == "json";
            var options = new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                AllowTrailingCommas = !isStrict,
                CommentHandling = isStrict ? JsonCommentHandling.Disallow : JsonCommentHandling.Skip,
            };
            // One document, or one a line.
            foreach (var part in block.Lines[0].TrimEnd().EndsWith('}') ? block.Lines : [text])
            {
                JsonDocument.Parse(part, options).Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Bytes_are_those_on_record(string name)
    {
        foreach (var block in Page.Read(name).Blocks.Where(static block => block.Language == "hex"))
        {
            // On a page the columns are in line.
            var text = string.Join('\n', block.Lines.Select(static line => Aligned().Replace(line, " |")));
            Assert.Contains(
                Directory.EnumerateFiles(Path.Combine(Page.Repository, "tests/Properties/Golden"), "*.hex"),
                file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_not_run_is_listed_with_its_reason_and_nothing_else_is()
    {
        var blocks = Page.Names.Select(Page.Read).SelectMany(static page => page.Blocks.Select(block => (Page: page, Block: block))).ToList();
        var commands = blocks.Where(static one => one.Block.Language is "console" or "sh").ToList();
        var notRun = commands.Where(static one => NotRun.Holds(one.Page, one.Block)).ToList();

        log.WriteLine($"{commands.Count} blocks of commands, {notRun.Count} of them not run");
        Assert.All(NotRun.Entries, static entry => Assert.True(entry.Reason.Length > 10, $"{entry.Page}: give the reason"));
        Assert.All(NotRun.Entries, entry => Assert.True(
            notRun.Count(one => one.Page.Name == entry.Page && one.Block.Lines[0] == entry.FirstLine) == 1,
            $"NotRun.txt names no block, or several: {entry.Page} | {entry.FirstLine}"));
        Assert.Equal(NotRun.Entries.Count, notRun.Count);
    }

    [GeneratedRegex(@"^\s*([a-z]*\$ |replica [-a-z]|\./|dotnet )")]
    private static partial Regex CommandLine();

    [GeneratedRegex(" +[|]")]
    private static partial Regex Aligned();
}
