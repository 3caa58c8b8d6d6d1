using System.Text.RegularExpressions;
using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>What every file of the house keeps to. Forbidden words are put together here, so that this file may name them.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int LineCharsMax = 160;
    private const string Unfinished = "TO" + "DO|FIX" + "ME|HA" + "CK|NotImplemented" + "Exception";
    private const string MachinePath = "/wo" + @"rk/|/tm" + @"p/h/|/ro" + @"ot/|/ho" + @"me/\w|[A-Z]:\\Us" + "ers";
    private const string RegistryHost = @"https?://[a-z0-9.-]*(nu" + "get|npm" + "js|deb" + "ian|py" + "pi|crates)[a-z0-9.-]*";

    private static readonly SourceFile[] s_text = [.. RepoRoot.Files().Where(file => file.Is(
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".sh", ".sql", ".txt", ".hex", ".yml", ".js", ".html", ".css",
        ".editorconfig", ".gitignore", ".gitattributes", ".ci/run") && !file.Is("packages.lock.json"))];

    private static readonly SourceFile[] s_code = [.. s_text.Where(file => file.Is(".cs"))];

    [Fact]
    public void No_product_file_outgrows_its_limit() => Verdict.None(
        s_code.Where(file => file.IsBelow("src", "tools") && file.Lines.Length > FileLinesMax)
            .Select(file => file.At(FileLinesMax, $"{file.Lines.Length} lines.")),
        $"a file has at most {FileLinesMax} lines: one concept a file");

    [Fact]
    public void No_line_of_code_outgrows_its_limit() => Verdict.None(
        Lines(s_code, line => line.Length > LineCharsMax), $"a line has at most {LineCharsMax} characters");

    [Fact]
    public void Nothing_is_left_unfinished() => Verdict.None(
        Lines(s_text.Where(file => file.Is(".cs", ".sql", ".sh", ".csproj", ".props", ".js")), UnfinishedWord().IsMatch),
        "debts are done now or become an issue");

    [Fact]
    public void No_path_of_a_machine_is_written_down() => Verdict.None(
        Lines(s_text, MachinePathWord().IsMatch), "paths start at the repository, or come from the caller");

    [Fact]
    public void No_package_registry_is_named() => Verdict.None(
        Lines(s_text, RegistryHostWord().IsMatch), "where packages come from is the reader's setting");

    [Fact]
    public void No_line_ends_in_blanks() => Verdict.None(
        Lines(s_text, line => line.Length > 0 && line[^1] is ' ' or '\t' or '\r'), "lines end where their text does");

    [Fact]
    public void Every_cited_source_is_on_the_reference_page()
    {
        var known = new SourceFile("docs/references.md").Lines
            .Select(line => ReferenceLine().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var dead =
            from file in s_code
            from line in file.Lines.Index()
            where line.Item.TrimStart().StartsWith("///", StringComparison.Ordinal)
            from citation in Citation().Matches(CodeSpan().Replace(line.Item, ""))
            where !known.Contains(citation.Groups[1].Value)
            select file.At(line.Index, $"[{citation.Groups[1].Value}] is not in docs/references.md.");

        Assert.NotEmpty(known);
        Verdict.None(dead, "a citation is a key of docs/references.md; write array bounds and attributes inside <c>");
    }

    [Fact]
    public void Every_relative_link_of_a_page_leads_somewhere() => Verdict.None(
        from file in s_text.Where(file => file.Is(".md"))
        from line in file.Lines.Index()
        from link in MarkdownLink().Matches(line.Item)
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://") && !target.StartsWith("mailto:", StringComparison.Ordinal)
        where !Path.Exists(Path.Combine(RepoRoot.Combine(file.Folder), target))
        select file.At(line.Index, $"{target} is not there."),
        "links are relative to the page that holds them");

    private static IEnumerable<string> Lines(IEnumerable<SourceFile> files, Func<string, bool> broken) =>
        from file in files
        from line in file.Lines.Index()
        where broken(line.Item)
        select file.At(line.Index, line.Item.Trim() is { Length: > 100 } text ? text[..100] + "…" : line.Item.Trim());

    [GeneratedRegex(@"\b(" + Unfinished + @")\b")]
    private static partial Regex UnfinishedWord();

    [GeneratedRegex(MachinePath)]
    private static partial Regex MachinePathWord();

    [GeneratedRegex(RegistryHost, RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHostWord();

    [GeneratedRegex(@"\[([A-Z][A-Za-z0-9]+)\](?!\()")]
    private static partial Regex Citation();

    [GeneratedRegex("<c>.*?</c>|<code>.*?</code>")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^- \*\*\[([A-Za-z0-9]+)\]\*\*")]
    private static partial Regex ReferenceLine();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex MarkdownLink();
}
