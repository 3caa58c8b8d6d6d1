using Replica.Crdt.Encoding;
using Replica.Crdt.Tree;
using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>Positions among siblings: strictly between, short, apart from those of others, and none but the canonical form.</summary>
public sealed class PositionTests(ITestOutputHelper output)
{
    [Fact]
    public void Appending_fifty_thousand_takes_ten_bytes_each()
    {
        var list = new List<TreePosition>();
        var typist = new PositionTypist(1);
        var longest = 0;

        for (var i = 0; i < 50_000; i++)
        {
            longest = Math.Max(longest, typist.InsertAt(list, i).Bytes.Length);
        }

        output.WriteLine($"longest {longest}");
        Assert.InRange(longest, 7, 10);
    }

    [Fact]
    public void Prepending_fifty_thousand_takes_ten_bytes_each()
    {
        var left = default(TreePosition);
        var right = default(TreePosition);
        var own = new TestWaypoints();
        var longest = 0;

        for (var i = 0; i < 50_000; i++)
        {
            var made = PositionMaker.Between(left, right, PositionTag.Derive(new(1), (ulong)i, 0), own);
            Assert.True(right.IsNone || made < right);
            longest = Math.Max(longest, made.Bytes.Length);
            right = made;
        }

        output.WriteLine($"longest {longest}");
        Assert.InRange(longest, 7, 10);
    }

    [Theory, InlineData(1, 105), InlineData(3, 250)]
    public void Twenty_thousand_at_random_places_stay_short(int typists, int bytesMax)
    {
        var chance = new Chance(1);
        var list = new List<TreePosition>();
        var all = Enumerable.Range(1, typists).Select(log => new PositionTypist(log, waypointsMax: 16_384)).ToArray();
        var longest = 0;
        var total = 0L;

        for (var i = 0; i < 20_000; i++)
        {
            var length = chance.Pick(all).InsertAt(list, chance.Below(list.Count + 1)).Bytes.Length;
            longest = Math.Max(longest, length);
            total += length;
        }

        output.WriteLine($"{typists} typists: longest {longest}, mean {total / 20_000.0:f1}");
        Assert.InRange(longest, 7, bytesMax);
    }

    [Fact]
    public void A_position_is_strictly_between_its_neighbours_whoever_made_them() => Seeds.ForEach(output, chance =>
    {
        // Three replicas insert apart, in runs and alone, and merge now and then; one forgets almost all waypoints.
        PositionTypist[] typists = [new(1), new(2), new(3, waypointsMax: 2)];
        List<TreePosition>[] lists = [[], [], []];
        for (var step = 0; step < 60; step++)
        {
            var who = chance.Below(3);
            if (chance.Percent(30))
            {
                Merge(lists[who], chance.Pick(lists));
                continue;
            }

            var at = chance.Below(lists[who].Count + 1);
            var direction = chance.Below(2);
            for (var run = chance.Between(1, 6); run > 0; run--)
            {
                _ = typists[who].InsertAt(lists[who], at);
                at += direction;
            }
        }

        Merge(lists[0], lists[1]);
        Merge(lists[0], lists[2]);
        Assert.Equal(lists[0].Count, lists[0].Distinct().Count());
    });

    [Theory, InlineData(1), InlineData(0)]
    public void Runs_typed_at_one_place_never_interleave(int direction) => Seeds.ForEach(output, chance =>
    {
        var shared = new List<TreePosition>();
        PositionTypist[] typists = [new(1), new(2), new(3)];
        for (var i = chance.Below(12); i > 0; i--)
        {
            _ = chance.Pick(typists).InsertAt(shared, chance.Below(shared.Count + 1));
        }

        // Everyone types a run at the same place without having seen the others' runs.
        var place = chance.Below(shared.Count + 1);
        var owners = new Dictionary<TreePosition, int>();
        foreach (var (who, typist) in typists.Index())
        {
            var copy = shared.ToList();
            for (var i = 0; i < 10; i++)
            {
                owners.Add(typist.InsertAt(copy, place + (i * direction)), who);
            }
        }

        var order = owners.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
        var turns = 1 + Enumerable.Range(1, order.Length - 1).Count(i => order[i] != order[i - 1]);
        Assert.True(turns == typists.Length, string.Join(' ', order));
    });

    [Fact]
    public void Too_long_a_position_is_an_error_that_says_what_to_do()
    {
        // Two typists take turns in the innermost gap: each turn hangs below the other's.
        var list = new List<TreePosition>();
        PositionTypist[] typists = [new(1, waypointsMax: 0), new(2, waypointsMax: 0)];
        _ = typists[0].InsertAt(list, 0);
        _ = typists[0].InsertAt(list, 1);

        var fault = Assert.Throws<PositionTooLongException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _ = typists[i % 2].InsertAt(list, list.Count / 2);
            }
        });

        Assert.Contains("respace", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Bytes, TreePosition.BytesMax + 1, TreePosition.BytesMax + 20);
    }

    [Fact]
    public void Numbers_are_ordered_as_their_bytes_are() => Seeds.ForEach(output, chance =>
    {
        var a = Number(chance);
        var b = chance.Percent(20) && a is > long.MinValue and < long.MaxValue ? a + chance.Below(3) - 1 : Number(chance);

        Assert.Equal(Math.Sign(a.CompareTo(b)), Math.Sign(Write(a).AsSpan().SequenceCompareTo(Write(b))));
        Assert.True(PositionNumber.TryRead(Write(a), out var read, out var taken));
        Assert.Equal((a, Write(a).Length), (read, taken));
    }, cases: 2000);

    [Theory]
    [InlineData("")]
    [InlineData("000000000000")]
    [InlineData("00000000000080")] // an even last number
    [InlineData("000000000081")] // five bytes of tag
    [InlineData("00000000000081ff")] // bytes behind the last segment
    [InlineData("000000000000c100c9")] // 265 in three bytes where two will do
    [InlineData("000000000000c0")] // a number cut short
    [InlineData("0000000000003effbf")] // a small number in too long a form
    [InlineData("000000000000c8000000000000000001")] // a number beyond 64 bits
    [InlineData("000000000000c7ffffffffffffffff")]
    [InlineData("000000000000387fffffffffffffbe")]
    public void Other_forms_are_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.False(TreePosition.IsValid(bytes));
        Assert.Throws<EncodingException>(() => TreePosition.FromBytes(bytes));
    }

    [Fact]
    public void The_longest_position_is_valid_and_a_longer_one_is_not()
    {
        byte[] segment = [1, 2, 3, 4, 5, 6, 0xC0, 0x01];
        var longest = Enumerable.Repeat(segment, TreePosition.BytesMax / segment.Length).SelectMany(s => s).ToArray();

        Assert.True(TreePosition.IsValid(longest));
        Assert.False(TreePosition.IsValid([.. longest, .. segment]));
    }

    [Fact]
    public void Random_bytes_are_read_whole_or_refused() => Seeds.ForEach(output, chance =>
    {
        var bytes = chance.Bytes(chance.Below(40));
        if (TreePosition.IsValid(bytes))
        {
            Assert.Equal(bytes.Length, TreePosition.FromBytes(bytes).Segments()[^1].Length);
        }
    }, cases: 2000);

    private static void Merge(List<TreePosition> into, List<TreePosition> other)
    {
        var all = into.Union(other).Order().ToArray();
        into.Clear();
        into.AddRange(all);
    }

    private static long Number(Chance chance) => unchecked((long)chance.Next()) >> chance.Below(64);

    private static byte[] Write(long number)
    {
        var bytes = new byte[PositionNumber.BytesMax];
        return bytes[..PositionNumber.Write(number, bytes)];
    }
}
