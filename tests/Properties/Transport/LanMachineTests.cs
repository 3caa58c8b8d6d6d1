using System.Net;
using System.Text;
using Replica.Transport.Discovery;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>Discovery on the local network: the machine alone, between two of its kind and against liars.</summary>
public sealed class LanMachineTests
{
    private static readonly LanInterface AtA = new(2, "eth0", IPAddress.Parse("10.9.0.1"));
    private static readonly LanInterface AtB = new(2, "eth0", IPAddress.Parse("10.9.0.2"));
    private static readonly IPEndPoint FromA = new(AtA.Address, 5353);
    private static readonly IPEndPoint FromB = new(AtB.Address, 5353);

    private ulong _drawn;

    [Fact]
    public void Members_of_a_space_find_each_other_within_a_second_and_strangers_do_not()
    {
        var a = Member(space: 1);
        var b = Member(space: 1);
        var stranger = Member(space: 2);
        Start(a, AtA);
        Start(b, AtB);
        Start(stranger, AtB);

        Exchange(a, FromA, b, AtB, default);
        Exchange(a, FromA, stranger, AtB, default);

        Assert.Equal("tcp://10.9.0.1:7400", Assert.Single(b.Table.Known).Address.ToString());
        Assert.Empty(stranger.Table.Known);
        Assert.Equal("tcp://10.9.0.1:7400", Assert.Single(stranger.Table.Strangers).Address.ToString());
    }

    [Fact]
    public void I3_an_announcement_names_nobody_and_its_tags_change_with_the_name()
    {
        var a = Member(space: 1);
        Start(a, AtA);
        var first = Announcement(a, default);

        var second = Announcement(a, TimeSpan.FromHours(1));

        var texts = new[] { first, second }.Select(static packet => TextOf(packet)).ToArray();
        Assert.All(texts, static text => Assert.Equal(5, text.Length));
        Assert.Equal(["v=1"], texts[0].Intersect(texts[1]));
        Assert.All(texts.SelectMany(static text => text.Skip(1)), static text => Assert.Matches("^t=[0-9a-f]{16}$", text));
        foreach (var packet in new[] { first, second })
        {
            Assert.Equal(-1, packet.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Environment.MachineName)));
            Assert.Equal(-1, packet.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Environment.UserName)));
        }
    }

    [Fact]
    public void The_name_changes_each_hour_and_with_the_network_and_the_old_one_is_taken_back()
    {
        var a = Member(space: 1);
        Start(a, AtA);
        a.Advance(default);
        var first = a.Name;

        var (output, _) = a.Advance(TimeSpan.FromHours(1));

        Assert.NotEqual(first, a.Name);
        Assert.Contains(output, one => Goodbye(one.Packet) == first);
        var second = a.Name;
        a.SetInterfaces([AtB], TimeSpan.FromHours(1));
        Assert.NotEqual(second, a.Name);
        Assert.Contains(a.Advance(TimeSpan.FromHours(1)).Output, one => Goodbye(one.Packet) == second);
        var third = a.Name;
        Assert.Contains(a.Leave(), one => Goodbye(one.Packet) == third);
    }

    [Fact]
    public void A_goodbye_is_heeded_from_where_the_name_came_and_from_nobody_else()
    {
        var a = Member(space: 1);
        var b = Member(space: 1);
        Start(a, AtA);
        Start(b, AtB);
        Exchange(a, FromA, b, AtB, default);
        var goodbye = DnsCodec.WriteResponse(0, [new DnsRecord.Pointer(LanMachine.ServiceName, 0, $"{a.Name}.{LanMachine.ServiceName}")]);

        b.OnPacket(AtB.Index, new(IPAddress.Parse("10.9.0.66"), 5353), goodbye, default);
        Assert.Single(b.Table.Known);
        b.OnPacket(AtB.Index, FromA, goodbye, default);

        Assert.Empty(b.Table.Known);
        Assert.Equal([false, true], b.Table.TakeNews().Select(static one => one.IsGone));
    }

    [Fact]
    public void What_is_not_repeated_runs_out()
    {
        var a = Member(space: 1);
        var b = Member(space: 1);
        Start(a, AtA);
        Start(b, AtB);
        Exchange(a, FromA, b, AtB, default);

        b.Advance(TimeSpan.FromSeconds(119));
        Assert.Single(b.Table.Known);
        b.Advance(TimeSpan.FromSeconds(121));

        Assert.Empty(b.Table.Known);
    }

    [Fact]
    public void A_stranger_is_shown_once_whatever_its_name_and_no_longer_than_it_is_there()
    {
        var a = Member(space: 1);
        var b = Member(space: 2);
        Start(a, AtA);
        Start(b, AtB);
        foreach (var hour in Enumerable.Range(0, 3))
        {
            b.OnPacket(AtB.Index, FromA, Announcement(a, TimeSpan.FromHours(hour)), TimeSpan.FromHours(hour));
        }

        Assert.Single(b.Table.Strangers);
        b.OnPacket(AtB.Index, FromA, DnsCodec.WriteResponse(
            0, [new DnsRecord.Pointer(LanMachine.ServiceName, 0, $"{a.Name}.{LanMachine.ServiceName}")]), TimeSpan.FromHours(2));
        Assert.Empty(b.Table.Strangers);

        b.OnPacket(AtB.Index, FromA, Announcement(a, TimeSpan.FromHours(3)), TimeSpan.FromHours(3));
        Assert.Single(b.Table.Strangers);
        b.Advance(TimeSpan.FromHours(3) + TimeSpan.FromSeconds(121));
        Assert.Empty(b.Table.Strangers);
    }

    [Fact]
    public void Who_was_a_stranger_and_has_joined_is_none_any_more()
    {
        var before = Member(space: 2);
        var after = Member(space: 1);
        var b = Member(space: 1);
        Start(before, AtA);
        Start(after, AtA);
        Start(b, AtB);
        b.OnPacket(AtB.Index, FromA, Announcement(before, default), default);
        Assert.Single(b.Table.Strangers);

        b.OnPacket(AtB.Index, FromA, Announcement(after, default), default);
        Assert.Empty(b.Table.Strangers);

        // Somebody who repeats what it said before brings the note back no more.
        b.OnPacket(AtB.Index, FromA, Announcement(before, TimeSpan.FromHours(1)), default);
        Assert.Empty(b.Table.Strangers);
    }

    [Fact]
    public void F21_two_thousand_false_peers_fill_no_table_and_the_true_one_is_found()
    {
        var a = Member(space: 1);
        var b = Member(space: 1);
        Start(a, AtA);
        Start(b, AtB);
        var announcement = DnsCodec.TryRead(Announcement(a, default))!;
        for (var i = 0; i < 2_000; i++)
        {
            var liar = new IPEndPoint(new IPAddress([10, 9, (byte)(1 + (i / 250)), (byte)(i % 250)]), 5353);
            // Half invent peers; half repeat the true announcement with their own address.
            b.OnPacket(AtB.Index, liar, i % 2 == 0 ? Invented(i) : Repeated(announcement, liar.Address), default);
        }

        Exchange(a, FromA, b, AtB, default);

        Assert.Contains(b.Table.Known, static one => one.Address.ToString() == "tcp://10.9.0.1:7400");
        Assert.InRange(b.Table.Known.Count, 1, 17);
        Assert.InRange(b.Table.Strangers.Count, 1, 64);
    }

    [Fact]
    public void F21_what_speaks_for_itself_outlasts_what_others_repeat()
    {
        var a = Member(space: 1);
        var b = Member(space: 1);
        Start(a, AtA);
        Start(b, AtB);
        var announcement = DnsCodec.TryRead(Announcement(a, default))!;
        Exchange(a, FromA, b, AtB, default);
        for (var i = 0; i < 2_000; i++)
        {
            // A liar that has one address and names many.
            var named = new IPAddress([10, 9, (byte)(1 + (i / 250)), (byte)(i % 250)]);
            b.OnPacket(AtB.Index, new(IPAddress.Parse("10.9.0.66"), 5353), Repeated(announcement, named), default);
        }

        Assert.Equal(new LanOptions().AddressesMax, b.Table.Known.Count);
        Assert.Equal("tcp://10.9.0.1:7400", Assert.Single(b.Table.Known, static one => !one.IsHearsay).Address.ToString());
    }

    [Fact]
    public void F21_a_table_full_of_old_names_still_takes_a_new_one()
    {
        var b = Member(space: 1);
        Start(b, AtB);
        for (var i = 0; i < 1_000; i++)
        {
            var old = Member(space: 1);
            Start(old, AtA);
            Exchange(old, FromA, b, AtB, TimeSpan.FromMilliseconds(i));
        }

        var a = Member(space: 1);
        Start(a, AtA);
        Exchange(a, FromA, b, AtB, TimeSpan.FromSeconds(2));

        Assert.Contains(b.Table.Known, one => one.Instance == a.Name);
        Assert.Equal(new LanOptions().KnownMax, b.Table.Known.Count);
    }

    [Fact]
    public void Answers_in_parts_are_asked_after_a_few_times_a_second()
    {
        var b = Member(space: 1);
        Start(b, AtB);
        b.Advance(default);
        for (var i = 0; i < 1_000; i++)
        {
            var part = new DnsRecord.Pointer(LanMachine.ServiceName, 120, $"{i:x16}.{LanMachine.ServiceName}");
            b.OnPacket(AtB.Index, FromA, DnsCodec.WriteResponse(0, [part]), default);
        }

        Assert.Equal(new LanOptions().FollowUpsMax, b.Advance(default).Output.Count(static one => !DnsCodec.TryRead(one.Packet)!.IsResponse));
    }

    [Fact]
    public void Answers_are_given_to_all_at_most_once_a_second()
    {
        var a = Member(space: 1);
        Start(a, AtA);
        a.Advance(default);
        var question = DnsCodec.WriteQuery(new DnsQuestion(LanMachine.ServiceName, DnsType.Ptr, false));
        for (var i = 0; i < 1_000; i++)
        {
            a.OnPacket(AtA.Index, FromB, question, TimeSpan.FromMilliseconds(i));
        }

        Assert.InRange(a.Advance(TimeSpan.FromMilliseconds(999)).Output.Count(static one => DnsCodec.TryRead(one.Packet)!.IsResponse), 0, 1);
    }

    [Fact]
    public void No_cut_or_changed_packet_is_taken_for_more_than_it_says_or_throws()
    {
        var a = Member(space: 1);
        Start(a, AtA);
        var packet = Announcement(a, default);
        var chance = new Random(7);
        for (var length = 0; length <= packet.Length; length++)
        {
            _ = DnsCodec.TryRead(packet.AsSpan(0, length));
        }

        for (var i = 0; i < 20_000; i++)
        {
            var changed = packet.ToArray();
            for (var n = 0; n < 4; n++)
            {
                changed[chance.Next(changed.Length)] = (byte)chance.Next(256);
            }

            _ = DnsCodec.TryRead(changed);
        }
    }

    [Theory]
    [InlineData("000084000000000100000000c00c000c0001000000780002c00c")]
    [InlineData("000084000000000100000000c00e000c0001000000780002c00c")]
    [InlineData("00008400ffffffffffffffff")]
    [InlineData("000084000000000100000000055f7265")]
    public void Pointers_in_a_circle_and_counts_without_records_are_refused(string hex) =>
        Assert.Null(DnsCodec.TryRead(Convert.FromHexString(hex)));

    private static string[] TextOf(byte[] packet) =>
    [
        .. DnsCodec.TryRead(packet)!.Records.OfType<DnsRecord.Text>().Single().Strings.Select(static one => Encoding.ASCII.GetString(one.Span)),
    ];

    private static byte[] Invented(int i) => DnsCodec.WriteResponse(0,
    [
        new DnsRecord.Pointer(LanMachine.ServiceName, 120, $"{i:x16}.{LanMachine.ServiceName}"),
        new DnsRecord.Service($"{i:x16}.{LanMachine.ServiceName}", 120, 1, $"{i:x16}.local"),
        new DnsRecord.Text($"{i:x16}.{LanMachine.ServiceName}", 120, ["v=1"u8.ToArray(), "t=0123456789abcdef"u8.ToArray()]),
    ]);

    private static byte[] Repeated(DnsMessage message, IPAddress address) => DnsCodec.WriteResponse(
        0, [.. message.Records.Select(record => record is DnsRecord.Address one ? one with { Value = address } : record)]);

    private static string? Goodbye(byte[] packet) => DnsCodec.TryRead(packet) is { IsResponse: true } message
        && message.Records is [DnsRecord.Pointer { Seconds: 0 } pointer] ? pointer.Target.Split('.')[0] : null;

    private static void Start(LanMachine machine, LanInterface one)
    {
        machine.SetPort(7400, default);
        machine.SetInterfaces([one], default);
    }

    private static byte[] Announcement(LanMachine machine, TimeSpan now) =>
        machine.Advance(now).Output.Last(static one => DnsCodec.TryRead(one.Packet) is { IsResponse: true, Records.Count: > 1 }).Packet;

    private static void Exchange(LanMachine from, IPEndPoint source, LanMachine to, LanInterface at, TimeSpan now)
    {
        from.Hurry(now);
        foreach (var one in from.Advance(now).Output)
        {
            to.OnPacket(at.Index, source, one.Packet, now);
        }
    }

    private LanMachine Member(ulong space) => new(
        (name, _) => [new LanTag(unchecked((Convert.ToUInt64(name, 16) * 31) + space))], () => unchecked(++_drawn * 0x9e3779b97f4a7c15), new LanOptions());
}
