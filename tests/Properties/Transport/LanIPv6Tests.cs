using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Replica.Transport;
using Replica.Transport.Discovery;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>Discovery by IPv6: addresses of one link, announcements with both families, and liars who know them.</summary>
public sealed class LanIPv6Tests
{
    private const int Index = 2;
    private static readonly IPAddress OldA = IPAddress.Parse("10.9.0.1");
    private static readonly IPAddress LinkA = IPAddress.Parse("fe80::a");
    private static readonly IPAddress WideA = IPAddress.Parse("fd00:9::a");
    private static readonly IPAddress Liar = IPAddress.Parse("fe80::bad");

    private ulong _drawn;

    [Fact]
    public void An_announcement_of_both_families_reads_back_and_a_cut_one_is_none()
    {
        DnsRecord[] records = [.. new[] { OldA, LinkA, WideA }.Select(static one => new DnsRecord.Address("a.local", 120, one))];
        var packet = DnsCodec.WriteResponse(0, records);

        Assert.Equal(records, DnsCodec.TryRead(packet)!.Records);
        Assert.Equal(28, packet[^(16 + 10 - 1)]);
        for (var length = 0; length < packet.Length; length++)
        {
            Assert.Null(DnsCodec.TryRead(packet.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(28, 4)]
    [InlineData(28, 15)]
    [InlineData(28, 17)]
    [InlineData(28, 0)]
    [InlineData(1, 16)]
    public void A_record_with_another_length_than_an_address_of_its_family_names_nothing(byte type, byte length)
    {
        byte[] packet = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, (byte)'a', 0, 0, type, 0, 1, 0, 0, 0, 120, 0, length, .. new byte[length]];

        Assert.Empty(DnsCodec.TryRead(packet)!.Records);
    }

    [Fact]
    public void Members_with_link_local_addresses_alone_find_each_other_on_the_link_where_the_packet_came()
    {
        var a = Started(LinkA);
        var b = Started(IPAddress.Parse("fe80::b"));

        Tell(a, LinkA, b);

        var seen = Assert.Single(b.Table.Known);
        Assert.Equal("tcp://[fe80::a%2]:7400", seen.Address.ToString());
        Assert.False(seen.IsHearsay);
        Assert.True(seen.Address.IsOnLink);
    }

    [Fact]
    public void Each_link_gets_questions_and_announcements_that_name_both_families_and_no_scope()
    {
        var a = Started(OldA, new IPAddress(LinkA.GetAddressBytes(), Index), WideA);

        var output = a.Advance(default).Output;

        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var sent = output.Where(one => one.Link == new LanLink(Index, family)).Select(static one => DnsCodec.TryRead(one.Packet)!).ToArray();
            Assert.Single(sent, static one => !one.IsResponse);
            Assert.Equal([OldA, LinkA, WideA], sent.Single(static one => one.IsResponse).Records.OfType<DnsRecord.Address>().Select(static one => one.Value));
        }
    }

    [Fact]
    public void The_largest_announcement_fits_the_smallest_packet_that_IPv6_carries_whole()
    {
        var own = Enumerable.Range(1, 20).SelectMany(static i => new[] { IPAddress.Parse($"10.9.0.{i}"), IPAddress.Parse($"fd00::{i}") });
        var a = new LanMachine(static (_, _) => [.. Enumerable.Range(0, 40).Select(static i => new LanTag((ulong)i))], Draw, new LanOptions());
        a.SetPort(65_535, default);
        a.SetInterfaces([.. own.Append(LinkA).Select(static one => new LanInterface(Index, "eth0", one))], default);

        var packet = a.Advance(default).Output.Max(static one => one.Packet.Length);

        // 1,280 bytes without the heads of IPv6 and UDP.
        Assert.InRange(packet, 1_000, 1_280 - 40 - 8);
        Assert.Contains(LinkA, Announcement(a).Records.OfType<DnsRecord.Address>().Select(static one => one.Value));
    }

    [Fact]
    public void A_host_heard_by_both_families_is_one_host_with_two_addresses()
    {
        var a = Started(OldA, LinkA);
        var b = Started(IPAddress.Parse("10.9.0.2"), IPAddress.Parse("fe80::b"));

        Tell(a, OldA, b);
        Tell(a, LinkA, b);

        var news = b.Table.TakeNews();
        Assert.Equal(["tcp://10.9.0.1:7400", "tcp://[fe80::a%2]:7400"], news.Select(static one => one.Sighting.Address.ToString()));
        Assert.Null(news[0].Sighting.Beside);
        Assert.Equal(news[0].Sighting.Address, news[1].Sighting.Beside);
        Assert.DoesNotContain(news, static one => one.Sighting.IsHearsay || one.IsGone);
    }

    [Fact]
    public void F21_nobody_sets_an_address_of_his_own_beside_the_true_one()
    {
        var a = Started(OldA, LinkA);
        var b = Started(IPAddress.Parse("fe80::b"), IPAddress.Parse("10.9.0.2"));
        var truth = Announcement(a);
        Tell(a, OldA, b);

        // From an address of the liar's, naming that and the true ones, as the true ones name each other.
        b.OnPacket(Index, new(Liar, 5353), Naming(truth, Liar, OldA, LinkA), default);
        Tell(a, LinkA, b);

        var news = b.Table.TakeNews();
        Assert.Equal(
            [("tcp://10.9.0.1:7400", null), ("tcp://[fe80::bad%2]:7400", null), ("tcp://[fe80::a%2]:7400", "tcp://10.9.0.1:7400")],
            news.Select(static one => (one.Sighting.Address.ToString(), one.Sighting.Beside?.ToString())));
    }

    [Fact]
    public void F21_two_thousand_false_addresses_leave_the_one_that_spoke_for_itself()
    {
        var a = Started(LinkA);
        var b = Started(IPAddress.Parse("fe80::b"));
        var truth = Announcement(a);
        Tell(a, LinkA, b);
        for (var i = 0; i < 2_000; i++)
        {
            b.OnPacket(Index, new(Liar, 5353), Naming(truth, IPAddress.Parse($"fe80::1:{i:x}"), IPAddress.Parse($"2001:db8::{i:x}")), default);
        }

        Assert.Equal(new LanOptions().AddressesMax, b.Table.Known.Count);
        Assert.Equal("tcp://[fe80::a%2]:7400", Assert.Single(b.Table.Known, static one => !one.IsHearsay).Address.ToString());
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::fb")]
    [InlineData("::ffff:10.9.0.7")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    public void What_can_be_no_single_host_of_a_network_is_not_dialled(string named)
    {
        var a = Started(LinkA);
        var b = Started(IPAddress.Parse("fe80::b"));

        b.OnPacket(Index, new(Liar, 5353), Naming(Announcement(a), IPAddress.Parse(named)), default);

        // As with an announcement that names none.
        Assert.Equal("tcp://[fe80::bad%2]:7400", Assert.Single(b.Table.Known).Address.ToString());
    }

    [Fact]
    public void What_a_repeater_names_is_hearsay_one_address_of_each_family_and_rather_one_that_other_links_reach()
    {
        var a = Started(LinkA);
        var b = Started(IPAddress.Parse("fe80::b"));

        b.OnPacket(Index, new(Liar, 5353), Naming(Announcement(a), LinkA, OldA, WideA, IPAddress.Parse("fd00:9::c")), default);

        Assert.Equal(["tcp://10.9.0.1:7400", "tcp://[fd00:9::a]:7400"], b.Table.Known.Select(static one => one.Address.ToString()).Order());
        Assert.All(b.Table.Known, static one => Assert.True(one.IsHearsay));
    }

    [Fact]
    public void With_an_interface_its_link_local_addresses_go_and_others_stay()
    {
        var a = Started(OldA, LinkA);
        var b = Started(IPAddress.Parse("10.9.0.2"), IPAddress.Parse("fe80::b"));
        Tell(a, OldA, b);
        Tell(a, LinkA, b);

        b.SetInterfaces([new(3, "eth0", IPAddress.Parse("fe80::b"))], default);

        Assert.Equal("tcp://10.9.0.1:7400", Assert.Single(b.Table.Known).Address.ToString());
        Assert.Equal("tcp://[fe80::a%2]:7400", Assert.Single(b.Table.TakeNews(), static one => one.IsGone).Sighting.Address.ToString());
    }

    [Fact]
    public void A_link_without_an_address_of_ours_is_not_listened_to()
    {
        var a = Started(LinkA);
        var b = Started(IPAddress.Parse("10.9.0.2"));

        Tell(a, LinkA, b);

        Assert.Empty(b.Table.Known);
    }

    [Fact]
    public void The_test_of_ones_own_ear_is_made_for_each_family_of_an_interface()
    {
        var test = new LanSelfTest([new(Index, "eth0", WideA), new(Index, "eth0", LinkA), new(Index, "eth0", OldA)]);

        test.OnPacket(new(Index, AddressFamily.InterNetwork), test.Packet);

        Assert.False(test.Done.IsCompleted);
        Assert.Equal([(LinkA, false), (OldA, true)], test.Echoes.Select(static one => (one.Interface.Address, one.IsHeard)));
        test.OnPacket(new(Index, AddressFamily.InterNetworkV6), test.Packet);
        Assert.True(test.Done.IsCompleted);
    }

    [Theory]
    [InlineData(1, 126, 1)]
    [InlineData(42, 1, 8)]
    public void F21_a_packet_that_repeats_names_asks_for_no_more_than_a_few_recognitions(int names, int times, int allowed)
    {
        var asked = 0;
        var b = new LanMachine((_, isToAnnounce) => { asked += isToAnnounce ? 0 : 1; return []; }, Draw, new LanOptions());
        b.SetInterfaces([new(Index, "eth0", LinkA)], default);
        string[] instances = [.. Enumerable.Range(1, names).Select(static i => $"{i:x16}.{LanMachine.ServiceName}")];

        b.OnPacket(Index, new(Liar, 5353), DnsCodec.WriteResponse(0,
        [
            .. instances.SelectMany(one => Enumerable.Repeat(new DnsRecord.Pointer(LanMachine.ServiceName, 120, one), times)),
            .. instances.Select(static one => new DnsRecord.Service(one, 120, 7400, "x.local")),
            .. instances.Select(static one => new DnsRecord.Text(one, 120, ["v=1"u8.ToArray()])),
        ]), default);

        Assert.Equal(allowed, asked);
    }

    [Fact]
    public void A_look_at_the_interfaces_that_fails_because_one_of_them_goes_is_made_again()
    {
        var looks = 0;

        Assert.Equal(3, NetworkLook.Take(() => ++looks < 3 ? throw new NetworkInformationException() : looks));
        Assert.Throws<NetworkInformationException>(() => NetworkLook.Take<int>(static () => throw new NetworkInformationException()));
    }

    private static DnsMessage Announcement(LanMachine machine)
    {
        machine.Hurry(default);
        return machine.Advance(default).Output.Select(static one => DnsCodec.TryRead(one.Packet)!)
            .Last(static one => one is { IsResponse: true, Records.Count: > 1 });
    }

    private static byte[] Naming(DnsMessage truth, params IPAddress[] addresses)
    {
        var host = truth.Records.OfType<DnsRecord.Service>().Single().Host;
        return DnsCodec.WriteResponse(0,
        [
            .. truth.Records.Where(static one => one is not DnsRecord.Address),
            .. addresses.Select(one => new DnsRecord.Address(host, 120, one)),
        ]);
    }

    /// <summary>One hears what the other announces from one of its addresses.</summary>
    private static void Tell(LanMachine from, IPAddress source, LanMachine to)
    {
        from.Hurry(default);
        foreach (var one in from.Advance(default).Output.Where(one => one.Link.Family == source.AddressFamily))
        {
            // As the system gives it: with the interface.
            var end = source.IsIPv6LinkLocal ? new IPAddress(source.GetAddressBytes(), Index) : source;
            to.OnPacket(Index, new(end, 5353), one.Packet, default);
        }
    }

    private ulong Draw() => unchecked(++_drawn * 0x9e3779b97f4a7c15);

    private LanMachine Started(params IPAddress[] own)
    {
        var machine = new LanMachine((name, _) => [new LanTag(unchecked(Convert.ToUInt64(name, 16) * 31))], Draw, new LanOptions());
        machine.SetPort(7400, default);
        machine.SetInterfaces([.. own.Select(static one => new LanInterface(Index, "eth0", one))], default);
        return machine;
    }
}
