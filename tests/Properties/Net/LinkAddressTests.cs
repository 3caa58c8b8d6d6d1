using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Net;
using Replica.Transport;
using Replica.Transport.Discovery;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>What is done with addresses that mean something on one link of one computer: they stay there.</summary>
public sealed class LinkAddressTests
{
    private static readonly DeviceKey Device = DeviceKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);
    private static readonly PeerAddress Link = PeerAddress.Parse("tcp://[fe80::a%2]:7400");
    private static readonly PeerAddress Wide = PeerAddress.Parse("tcp://[fd00::a]:7400");

    [Fact]
    public void The_file_of_addresses_keeps_none_and_leaves_out_what_stands_there()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("replica-").FullName, AddressBook.FileName);
        File.WriteAllText(path, $"{Device} 1 {Link}\n{Device} 2 tcp://[fe80::b%eth0]:1\n");
        var book = new AddressBook(path, NullLogger.Instance);
        Assert.Empty(book.Load());

        book.Record(Device, Link, DateTimeOffset.UnixEpoch);
        book.Record(Device, Wide, DateTimeOffset.UnixEpoch);

        Assert.Equal(Wide, Assert.Single(new AddressBook(path, NullLogger.Instance).Load()).Address);
        Assert.DoesNotContain("fe80", File.ReadAllText(path), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void None_is_taken_from_an_entry_at_a_relay()
    {
        var text = new RendezvousEntry(Device, [Link, Wide, PeerAddress.Parse("ws://[fe80::b]:1/")]).ToText();

        Assert.Equal([Wide], RendezvousEntry.TryRead(text)!.Addresses);
    }

    [Theory]
    [InlineData("tcp://[fe80::a%2]:7400")]
    [InlineData("ws://[fe80::a%2]:7400/")]
    public void None_of_ours_is_told_to_others(string listener) => Assert.Empty(LocalAddresses.ForOthers(PeerAddress.Parse(listener)));

    [Fact]
    public void Who_listens_on_all_addresses_of_IPv6_is_told_by_those_of_IPv4_too()
    {
        var old = LocalAddresses.ForOthers(PeerAddress.Parse("tcp://0.0.0.0:7400")).ToArray();

        var all = LocalAddresses.ForOthers(PeerAddress.Parse("tcp://*:7400")).ToArray();

        Assert.Equal(old, all.Take(old.Length));
        Assert.DoesNotContain(all, static one => one.IsOnLink);
    }

    [Theory]
    [InlineData("tcp://*:1", "10.9.0.1", true)]
    [InlineData("tcp://*:1", "fe80::a", true)]
    [InlineData("tcp://0.0.0.0:1", "10.9.0.1", true)]
    [InlineData("tcp://0.0.0.0:1", "fe80::a", false)]
    [InlineData("tcp://10.9.0.1:1", "10.9.0.1", true)]
    [InlineData("tcp://10.9.0.1:1", "10.9.0.2", false)]
    [InlineData("tcp://10.9.0.1:1", "fe80::a", false)]
    [InlineData("tcp://[fd00::a]:1", "fd00::a", true)]
    [InlineData("tcp://[fd00::a]:1", "fe80::a", false)]
    [InlineData("tcp://[fe80::a%2]:1", "fe80::a", true)]
    [InlineData("tcp://[fe80::a%3]:1", "fe80::a", false)]
    public void A_listener_is_announced_with_the_addresses_that_it_takes_peers_at(string listener, string own, bool isTaken) =>
        Assert.Equal(isTaken, LocalAddresses.Takes((PeerAddress.TcpHost)PeerAddress.Parse(listener), new LanInterface(2, "eth0", IPAddress.Parse(own))));
}
