using Replica.PeerCli.Output;
using Xunit;

namespace Replica.Tests.EndToEnd.Output;

/// <summary>What others wrote does nothing to a terminal but show.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain ü 猫 🐈", "plain ü 猫 🐈")]
    [InlineData("\u001b[31mred", "\\u{1b}[31mred")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\r")]
    [InlineData("\u009b31m", "\\u{9b}31m")]
    [InlineData("abc\u202egnp.exe", "abc\\u{202e}gnp.exe")]
    [InlineData("a\u2028b", "a\\u{2028}b")]
    [InlineData("\u007f", "\\u{7f}")]
    public void Characters_that_act_show_as_escapes(string text, string shown) => Assert.Equal(shown, SafeText.Of(text));

    [Fact]
    public void JSON_still_reads_the_same()
    {
        var shown = SafeText.OfJson("\"a\u009b\u202e\U000E0001b\"");

        Assert.Equal("\"a\\u009b\\u202e\\udb40\\udc01b\"", shown);
        Assert.Equal("a\u009b\u202e\U000E0001b", System.Text.Json.JsonSerializer.Deserialize<string>(shown));
    }
}
