using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Testing;
using Replica.Testing.Histories;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt;

public sealed class ValueTests(ITestOutputHelper output)
{
    private static readonly Arbitrary<Value> Values = Arb.From(
        Gen.Choose(0, int.MaxValue).Select(seed => ValueGenerator.Next(new Chance((ulong)seed), 3)),
        value => value.Kind switch
        {
            ValueKind.Array => value.AsArray(),
            ValueKind.Map => value.AsMap().Select(pair => pair.Value).Concat(
                value.AsMap().Select((_, i) => Value.From(value.AsMap().Where((_, j) => i != j)))),
            _ => [],
        });

    [Fact]
    public void A_value_reads_back_from_its_bytes() => Law.Holds(output, Values, value =>
    {
        var bytes = Bytes(value);
        var reader = new MessagePackReader(bytes);
        var again = ValueCodec.Read(ref reader);
        reader.ReadEnd();
        return again == value && Bytes(again).AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void A_value_reads_back_from_its_JSON() => Law.Holds(output, Values, value =>
        ValueJson.Parse(Encoding.UTF8.GetBytes(ValueJson.ToString(value))) == value);

    [Fact]
    public void Equal_values_have_equal_bytes_and_others_do_not() => Law.Holds(
        output, Values.Generator.Two().ToArbitrary(), pair => (pair.Item1 == pair.Item2) == Bytes(pair.Item1).AsSpan().SequenceEqual(Bytes(pair.Item2)));

    [Theory]
    [InlineData("""{"$map":{"$map":{"$bytes":"00"}}}""")]
    [InlineData("""{"$map":{"$map":{"$map":{"$x":1}}}}""")]
    [InlineData("""{"$map":{"$int":"5"}}""")]
    public void A_map_whose_own_names_look_like_tags_keeps_them(string json) =>
        Assert.Equal(json, ValueJson.ToString(ValueJson.Parse(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("""{"$node":""}""")]
    [InlineData("""{"$int":1}""")]
    [InlineData("""{"$bytes":"0"}""")]
    [InlineData("""{"$bytes":"zz"}""")]
    [InlineData("""{"$float":"1e999"}""")]
    [InlineData("""{"$what":"x"}""")]
    [InlineData("""{"$int":"1","a":2}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"$time":"yesterday"}""")]
    [InlineData("9223372036854775808")]
    [InlineData("1e999")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1 2")]
    [InlineData("")]
    [InlineData("[1")]
    public void JSON_that_means_no_value_is_refused(string json) =>
        Assert.Throws<EncodingException>(() => ValueJson.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Integers_and_doubles_stay_distinct()
    {
        Assert.NotEqual(Value.From(1L), Value.From(1.0));
        Assert.NotEqual(Value.From(0.0), Value.From(-0.0));
        Assert.Equal("1", Value.From(1L).ToString());
        Assert.Equal("1.0", Value.From(1.0).ToString());
        Assert.Equal(Value.From(double.NaN), Value.From(BitConverter.UInt64BitsToDouble(0xfff8_0000_0000_0001)));
    }

    [Fact]
    public void What_no_reader_would_take_no_local_change_can_hold()
    {
        Refused(Value.From(new byte[ValueLimits.ValueBytesMax]));
        Refused(Value.From(new string('x', ValueLimits.ValueBytesMax)));
        Refused(Nested(ValueLimits.LevelsMax + 1));
        Refused(Value.Reference(new string('x', ValueLimits.IdBytesMax + 1)));
        Refused(Value.Reference(""));
        Refused(Value.Reference("\ud800"));
        Refused(Value.From("\udc00"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Value.From(new Instant(0, 1_000_000_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Value.From(new Instant(0, -1)));
    }

    [Fact]
    public void The_greatest_value_and_the_deepest_are_taken()
    {
        foreach (var value in new[] { Value.From(new byte[ValueLimits.ValueBytesMax - 5]), Nested(ValueLimits.LevelsMax) })
        {
            var change = Encode(value);

            var again = (Operation.SetField)ChangeCodec.Decode(change.Bytes).Groups[0].Operations[0];

            Assert.Equal(value, again.Value);
        }
    }

    [Fact]
    public void Announced_items_cost_nothing_until_they_are_there()
    {
        // 32 levels, each of which announces as many items as there are bytes left.
        var bytes = new byte[ValueLimits.ValueBytesMax + 1_000];
        for (var level = 0; level < ValueLimits.LevelsMax; level++)
        {
            bytes[level * 5] = 0xdd;
            bytes[(level * 5) + 1] = 0;
            bytes[(level * 5) + 2] = 3;
            bytes[(level * 5) + 3] = 0;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<EncodingException>(() =>
        {
            var reader = new MessagePackReader(bytes.AsSpan(0, 200_000 + 5));
            bytes[199_999] = 0xc1;
            _ = ValueCodec.Read(ref reader);
        });

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    private static Value Nested(int levels) => levels == 0
        ? Value.From(new byte[] { 1 })
        : Value.From([KeyValuePair.Create("$m", Nested(levels - 1))]);

    private static void Refused(Value value) => Assert.Throws<EncodingException>(() => Encode(value));

    private static Change Encode(Value value) => ChangeCodec.Encode(
        new(new(1), 2), new(1), [], [new(new Target.Node("x"), [new Operation.SetField("f", value)])]);

    private static byte[] Bytes(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ValueCodec.Write(new(buffer), value);
        return buffer.WrittenSpan.ToArray();
    }
}
