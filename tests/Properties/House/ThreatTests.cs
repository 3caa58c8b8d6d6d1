using System.Text.RegularExpressions;
using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>The threat page and the tests tell the same.</summary>
public sealed partial class ThreatTests
{
    private static readonly SourceFile[] s_tests =
        [.. RepoRoot.Files().Where(static file => file.Is(".cs") && file.IsBelow("tests"))];

    [Fact]
    public void Each_row_of_the_threat_page_is_in_the_name_of_a_test_of_each_class_that_it_names()
    {
        var page = TextOf(RepoRoot.Files().Single(static file => file.Name == "docs/security.md"));
        var faults =
            from Match row in RowPattern().Matches(page)
            from id in row.Groups["ids"].Value.Split(", ")
            from Match name in ClassPattern().Matches(row.Groups["tests"].Value)
            let file = s_tests.FirstOrDefault(file => file.Name.EndsWith($"/{name.Groups[1].Value}.cs", StringComparison.Ordinal))
            where file is null || !Regex.IsMatch(TextOf(file), $@"\s([A-Z]\d+_)*{id}_\w+\(", RegexOptions.None, TimeSpan.FromSeconds(5))
            select $"{id}: no test of {name.Groups[1].Value} has it in its name.";

        Verdict.None(faults, "docs/security.md says which tests show what");
        Assert.Equal(24, RowPattern().Count(page));
    }

    [Fact]
    public void E3_nothing_in_the_product_makes_a_type_from_a_name()
    {
        var faults =
            from file in RepoRoot.Files().Where(static file => file.Is(".cs") && file.IsBelow("src", "tools"))
            // There the embedding application names one type by its generated metadata, and one with derived types is refused (TypedTests).
            where file.Name != "src/Peer/Host/Typed/RecordShape.cs"
            where TypeMaking().IsMatch(TextOf(file))
            select $"{file.Name} makes a type from a name, or lets a serialiser do so.";

        Verdict.None(faults, "what comes from outside chooses among closed sets");
    }

    private static string TextOf(SourceFile file) => string.Join('\n', file.Lines);

    [GeneratedRegex(@"^\| (?<ids>[STIDE]\d+(, [STIDE]\d+)*) \|[^|]*\|(?<tests>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("`(\\w+Tests)`")]
    private static partial Regex ClassPattern();

    [GeneratedRegex(
        @"Type\.GetType\(|Activator\.|Assembly\.LoadFrom|BinaryFormatter|JsonDerivedType|JsonPolymorphic|TypeNameHandling|JsonSerializer\.Deserialize")]
    private static partial Regex TypeMaking();
}
