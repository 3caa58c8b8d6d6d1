using System.Text.RegularExpressions;
using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>Whoever meets a code of <c>replica doctor</c> finds it in the page on operations.</summary>
public sealed class DoctorPageTests
{
    [Fact]
    public void Each_code_is_in_the_page_and_each_in_the_page_is_given()
    {
        var page = Codes(TextOf("docs/operations.md").Split("## What `replica doctor` finds")[1].Split("\n## ")[0], "\\| `(REPLICA_[A-Z_]+)` \\|");
        var given = Codes(TextOf("src/Peer/Host/Doctor.cs"), "\"(REPLICA_[A-Z_]+)\"").Append("REPLICA_IDENTITY_SHARED").Distinct();

        Assert.Equal(given.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    private static string TextOf(string name) => File.ReadAllText(RepoRoot.Combine(name));

    private static IEnumerable<string> Codes(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(5)).Select(static match => match.Groups[1].Value).Distinct();
}
