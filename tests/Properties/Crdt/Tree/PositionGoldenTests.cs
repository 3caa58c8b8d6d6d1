using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Tree;
using Replica.Tests.Properties.Golden;
using Xunit;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>The bytes of positions, made by each step of the recipe, on record.</summary>
public sealed class PositionGoldenTests
{
    private static readonly LogId s_a = LogId.FromBytes(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
    private static readonly LogId s_b = LogId.FromBytes(Convert.FromHexString("f0e0d0c0b0a090807060504030201000"));

    [Fact]
    public void Positions_have_the_bytes_on_record()
    {
        var text = new StringBuilder();
        var a = new TestWaypoints();
        var b = new TestWaypoints();
        TreePosition none = default;
        TreePosition Make(string what, TreePosition left, TreePosition right, LogId log, ulong seq, int index)
        {
            var made = PositionMaker.Between(left, right, PositionTag.Derive(log, seq, index), log == s_a ? a : b);
            text.Append(made).Append(" | ").Append(what).Append('\n');
            return made;
        }

        var first = Make("log a, change 1, index 0: none, none", none, none, s_a, 1, 0);
        var second = Make("log a, behind it: a's greatest number and 2", first, none, s_a, 2, 0);
        var before = Make("log a, before the first: a's least number less 2", none, first, s_a, 3, 0);
        var between = Make("log b, change 7, index 258, between the first two: below the first", first, second, s_b, 7, 258);
        _ = Make("log b, behind that: b's own number goes on", between, second, s_b, 8, 0);
        _ = Make("log a, right behind the first again: below what b put there, one less", first, between, s_a, 4, 0);
        _ = Make("log b, before all: one less than the least, and below it", none, before, s_b, 9, 0);
        var last = second;
        for (var number = 5; number <= 65; number += 2)
        {
            last = PositionMaker.Between(last, none, PositionTag.Derive(s_a, 5, number), a);
        }

        text.Append(last).Append(" | number 65: the first odd one of two bytes\n");
        for (var number = 67; number <= 321; number += 2)
        {
            last = PositionMaker.Between(last, none, PositionTag.Derive(s_a, 6, number), a);
        }

        text.Append(last).Append(" | number 321: the first odd one of three bytes\n");
        for (var number = -3; number >= -65; number -= 2)
        {
            before = PositionMaker.Between(none, before, PositionTag.Derive(s_a, 7, -number), a);
        }

        text.Append(before).Append(" | number -65: two bytes downwards\n");
        GoldenFile.VerifyText("positions.hex", text.ToString());
    }
}
