using System.Text;
using Replica.Crdt.Causality;
using Replica.Testing;
using Replica.Testing.Histories;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt;

/// <summary>Orders, clocks and names: the small parts on which everything else agrees.</summary>
public sealed class CausalityTests(ITestOutputHelper output)
{
    private static readonly string[] Parts =
        ["", "a", "z", "\u007f", "\u0080", "ä", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "😀", "\U0010ffff", "\0"];

    [Fact]
    public void Text_orders_by_its_UTF_8_bytes() => Seeds.ForEach(output, chance =>
    {
        var (a, b) = (Text(chance), Text(chance));
        var expected = Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

        Assert.Equal(Math.Sign(expected), Math.Sign(Utf8Order.Instance.Compare(a, b)));
    }, cases: 5_000);

    [Fact]
    public void A_position_orders_as_its_bytes_do() => Seeds.ForEach(output, chance =>
    {
        var (a, b) = (Position(chance), Position(chance));

        Assert.Equal(Math.Sign(Bytes(a).AsSpan().SequenceCompareTo(Bytes(b))), Math.Sign(a.CompareTo(b)));
    }, cases: 2_000);

    [Fact]
    public void A_clock_grows_and_is_never_behind_the_time_or_what_it_saw() => Seeds.ForEach(output, chance =>
    {
        var clock = new HybridClock(default);
        var last = clock.Last;
        for (var i = 0; i < 50; i++)
        {
            var now = chance.Below(40);
            var seen = new HybridTimestamp(((ulong)(uint)chance.Below(40) << 16) + (uint)chance.Below(3));
            if (chance.Percent(30))
            {
                clock.Observe(seen);
                last = new(Math.Max(last.Value, seen.Value));
                Assert.Equal(last, clock.Last);
                continue;
            }

            var next = clock.Next(now);

            Assert.Equal(Math.Max((ulong)(uint)now << 16, last.Value + 1), next.Value);
            last = next;
        }
    });

    [Fact]
    public void A_full_counter_carries_into_the_milliseconds()
    {
        var clock = new HybridClock(new((5UL << 16) | 0xffff));

        Assert.Equal(new HybridTimestamp(6UL << 16), clock.Next(3));
    }

    [Fact]
    public void A_clock_at_its_end_says_so()
    {
        var clock = new HybridClock(new(ulong.MaxValue));

        Assert.Throws<ClockExhaustedException>(() => clock.Next(0));
        Assert.Equal(ulong.MaxValue, clock.Last.Value);
    }

    [Theory]
    [InlineData(-1, 0UL)]
    [InlineData(1L << 48, ulong.MaxValue - 0xffff)]
    [InlineData(long.MaxValue, ulong.MaxValue - 0xffff)]
    public void Times_outside_the_range_count_as_its_ends(long milliseconds, ulong value) =>
        Assert.Equal(value, HybridTimestamp.FromUnixMilliseconds(milliseconds).Value);

    [Fact]
    public void Stamp_order_is_total_and_extends_happens_before() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        var view = new HistoryView(history, chance);
        var known = new List<(Dot Dot, Stamp Stamp)>();
        foreach (var next in history.Reorder(chance))
        {
            view.Apply(next.Change);
            var stamp = view.StampOf(next.Change);
            foreach (var (dot, earlier) in known)
            {
                var order = StampOrder.Compare(earlier, stamp, view);

                Assert.NotEqual(0, order);
                Assert.Equal(-order, StampOrder.Compare(stamp, earlier, view));
                Assert.True(order < 0 || !view.HappensBefore(earlier), $"{dot} is before {next.Change.Dot} and its stamp is not");
            }

            known.Add((next.Change.Dot, stamp));
        }

        var sorted = known.OrderBy(k => k.Stamp, Comparer<Stamp>.Create((a, b) => StampOrder.Compare(a, b, view))).Select(k => k.Dot);
        var expected = history.Changes.OrderBy(c => c.Change.Time).ThenBy(c => c.Change.Dot.Log).Select(c => c.Change.Dot);
        Assert.Equal(expected, sorted);
    }, cases: 50);

    [Fact]
    public void A_vector_covers_what_it_was_raised_to_and_no_more()
    {
        var a = new VersionVector();
        Assert.True(a.Raise(new(3), 5));
        Assert.False(a.Raise(new(3), 4));
        var b = a.Clone();
        Assert.True(b.Raise(new(0), 1));

        a.Join(b);

        Assert.Equal([new(new(0), 1UL), new(new(3), 5UL)], a.Entries());
        Assert.True(a.Covers(new(3), 5));
        Assert.False(a.Covers(new(3), 6));
        Assert.False(a.Covers(new(99), 1));
        Assert.True(a.Covers(new(99), 0));
    }

    private static string Text(Chance chance) => string.Concat(Enumerable.Range(0, chance.Below(4)).Select(_ => chance.Pick(Parts)));

    private static Position Position(Chance chance) => new(
        new((UInt128)chance.Below(2)),
        chance.Pick<ulong>([1, 127, 128, 255, 256, 65_535, 65_536, uint.MaxValue, 1UL + uint.MaxValue, long.MaxValue]),
        new((UInt128)chance.Below(2)));

    private static byte[] Bytes(Position position)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Replica.Crdt.Changes.PositionCodec.Write(new(output), position);
        return output.WrittenSpan.ToArray();
    }
}
