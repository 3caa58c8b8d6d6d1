using Replica.Crdt.Values;
using Replica.PeerCli;
using Replica.PeerCli.Input;
using Xunit;

namespace Replica.Tests.EndToEnd.Input;

/// <summary>Fields as they are typed.</summary>
public sealed class FieldArgumentTests
{
    [Theory]
    [InlineData("x=Ada Lovelace", "\"Ada Lovelace\"")]
    [InlineData("x=", "\"\"")]
    [InlineData("x=a=b", "\"a=b\"")]
    [InlineData("x=36", "36")]
    [InlineData("x=-36", "-36")]
    [InlineData("x=1.0", "1.0")]
    [InlineData("x=1e3", "1000.0")]
    [InlineData("x=007", "\"007\"")]
    [InlineData("x=+41", "\"+41\"")]
    [InlineData("x=.5", "\".5\"")]
    [InlineData("x=1.", "\"1.\"")]
    [InlineData("x=-", "\"-\"")]
    [InlineData("x=NaN", "\"NaN\"")]
    [InlineData("x=true", "true")]
    [InlineData("x=null", "null")]
    [InlineData("x=True", "\"True\"")]
    [InlineData("x=\"36\"", "\"36\"")]
    [InlineData("x=[1,\"a\"]", "[1,\"a\"]")]
    [InlineData("x={\"$bytes\":\"00ff\"}", "{\"$bytes\":\"00ff\"}")]
    public void A_value_is_JSON_where_it_is_a_literal_and_text_else(string argument, string json) =>
        Assert.Equal(json, FieldArgument.Read([argument], null).Single().Value.ToString());

    [Theory]
    [InlineData("x")]
    [InlineData("=5")]
    [InlineData("x={bad")]
    [InlineData("x=[1,")]
    [InlineData("x=\"open")]
    [InlineData("x={\"$bytes\":\"0\"}")]
    [InlineData("x=99999999999999999999")]
    [InlineData("x=\ufffd")]
    public void Wrong_syntax_is_a_usage_error_in_one_line(string argument)
    {
        var fault = Assert.Throws<UsageException>(() => FieldArgument.Read([argument], null));

        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_field_is_given_once() =>
        Assert.Throws<UsageException>(() => FieldArgument.Read(["a=1"], "{\"a\":2}"));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"a\":1},\"b\":2")]
    [InlineData("{\"a\":1} {}")]
    public void Fields_as_JSON_are_one_object(string json) =>
        Assert.Throws<UsageException>(() => FieldArgument.Read([], json));

    [Fact]
    public void A_field_name_may_begin_with_a_dollar() =>
        Assert.Equal([new("$map", Value.From([1]))], FieldArgument.Read([], "{\"$map\":{\"$bytes\":\"01\"}}"));

    [Theory]
    [InlineData("45s", 45)]
    [InlineData("7d", 604_800)]
    public void A_span_of_time_has_a_unit(string text, long seconds) => Assert.Equal(seconds, Duration.Seconds(text, "--expires"));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("4000d")]
    public void Anything_else_is_none(string text) => Assert.Throws<UsageException>(() => Duration.Seconds(text, "--expires"));
}
