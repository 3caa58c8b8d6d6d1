using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Sync;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>What goes over the wire with compression and without, byte by byte, inside the encrypted session.</summary>
public sealed class CompressionTests : IDisposable
{
    private const string Word = "compressible ";

    private static readonly byte[] Packed = [0x93, 0x40];

    private readonly string _root = Directory.CreateTempSubdirectory("replica-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_space_that_is_set_to_no_compression_is_sent_as_it_is_and_another_is_packed(bool isUncompressed)
    {
        var options = new HomeOptions { Directory = Path.Combine(_root, "home"), Uncompressed = isUncompressed ? ["main"] : [] };
        await using var home = await ReplicaHome.OpenOrCreateAsync(options);
        var space = await home.CreateSpaceAsync("main");
        var address = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        await using (var member = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(_root, "member") }))
        {
            var joined = await member.JoinSpaceAsync("main", (await space.InviteAsync(new InviteOptions())).Ticket);
            using var grown = new SemaphoreSlim(0);
            using var watch = joined.WatchDurable(() => grown.Release());
            while (joined.Durable.Count == 0)
            {
                Assert.True(await grown.WaitAsync(TimeSpan.FromSeconds(30)));
            }
        }

        var text = string.Concat(Enumerable.Repeat(Word, 5_000));
        _ = await space.WriteAsync([new Mutation.PutNode("long", null, [new("text", Value.From(text))])]);
        await using var listener = new HostileMember(Path.Combine(_root, "member"));
        Assert.True(await listener.OpenAsync(address));
        await listener.SayAsync(new SyncMessage.Have([], false));
        await listener.ReadUntilAsync(() => listener.Heard.Sum(static body => body.Length) > text.Length || listener.Heard.Exists(IsPacked));

        Assert.Equal(!isUncompressed, listener.Heard.Exists(IsPacked));
        Assert.Equal(isUncompressed, listener.Heard.Exists(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0));
    }

    private static bool IsPacked(byte[] body) => body.AsSpan().StartsWith(Packed);
}
