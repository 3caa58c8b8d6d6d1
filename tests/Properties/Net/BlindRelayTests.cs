using System.Collections.Concurrent;
using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>Whole peers that have nothing but a relay between them: it learns nothing (I2), and what it does costs availability alone (T5, F20).</summary>
public sealed class BlindRelayTests : IDisposable
{
    private const string Canary = "a canary that must never be seen on the way";
    private const double EntropyMin = 7.9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("replica-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task I2_all_that_a_relay_sees_holds_no_text_no_name_no_space_and_no_device_and_looks_random()
    {
        var seen = new ConcurrentQueue<byte[]>();
        await using var relay = await TestRelay.StartAsync(tap: link => new RecordingLink(link, seen));
        await using var a = await HomeAsync("a", Canary + " one");
        await using var b = await HomeAsync("b", Canary + " two");
        var space = await a.CreateSpaceAsync("main");
        _ = await a.ListenAsync(relay.Address);
        _ = await b.ListenAsync(relay.Address);
        var invitation = await space.InviteAsync(new InviteOptions());
        var joined = await b.JoinSpaceAsync("main", invitation.Ticket);
        for (var i = 0; i < 40; i++)
        {
            await WriteAsync(space, $"{Canary} {i}", string.Concat(Enumerable.Repeat($"{Canary} {i} ", 1_000)));
        }

        await UntilAsync(async () => await joined.GetNodeAsync($"{Canary} 39") is not null);

        byte[] all = [.. seen.SelectMany(static part => part)];
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(Canary), Encoding.ASCII.GetBytes(invitation.Ticket),
            .. new[] { space.Id.ToString(), a.Device.ToString(), b.Device.ToString() }
                .SelectMany(static hex => new[] { Encoding.ASCII.GetBytes(hex), Convert.FromHexString(hex) }),
        ];
        Assert.All(secrets, secret => Assert.Equal(-1, all.AsSpan().IndexOf(secret)));

        // Frames for the relay itself are small; what follows them is the devices' own.
        byte[] moved = [.. seen.Where(static part => part.Length > 512).SelectMany(static part => part)];
        Assert.True(moved.Length > 4_096, $"{moved.Length} bytes were moved");
        Assert.InRange(EntropyOf(moved), EntropyMin, 8);
        Assert.True(EntropyOf(Encoding.UTF8.GetBytes(Canary)) < EntropyMin);
    }

    [Theory]
    [InlineData(Meddling.Drop)]
    [InlineData(Meddling.Repeat)]
    [InlineData(Meddling.Reorder)]
    [InlineData(Meddling.Alter)]
    [InlineData(Meddling.Inject)]
    public async Task T5_F20_peers_come_level_once_the_relay_stops_meddling_and_hold_nothing_that_nobody_wrote(Meddling how)
    {
        // Both devices' listening comes first, then the two ends of each tunnel: two tunnels are meddled with.
        const int Listening = 2;
        const int MeddledMax = 6;
        var links = 0;
        await using var relay = await TestRelay.StartAsync(
            tap: link => Interlocked.Increment(ref links) is > Listening and <= MeddledMax ? new MeddlingLink(link, how, null) : link);
        await using var a = await HomeAsync("a", "one");
        await using var b = await HomeAsync("b", "two");
        var space = await a.CreateSpaceAsync("main");
        _ = await a.ListenAsync(relay.Address);
        _ = await b.ListenAsync(relay.Address);
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref links) == Listening));
        var joined = await b.JoinSpaceAsync("main", (await space.InviteAsync(new InviteOptions())).Ticket);

        // Something is always under way, so that a session in which something is missing notices.
        var written = 0;
        await UntilAsync(async () =>
        {
            await WriteAsync(space, $"n{written++}", Canary);
            return Volatile.Read(ref links) > MeddledMax;
        });
        await UntilAsync(async () => await joined.GetNodeAsync($"n{written - 1}") is not null);

        for (var i = 0; i < written; i++)
        {
            Assert.Equal(Canary, (await joined.GetNodeAsync($"n{i}"))!.Fields.Single().Value.ToString().Trim('"'));
        }
    }

    /// <summary>Bits in a byte, by how often each value occurs.</summary>
    private static double EntropyOf(byte[] bytes) =>
        -bytes.GroupBy(static one => one).Select(group => (double)group.Count() / bytes.Length).Sum(static share => share * Math.Log2(share));

    private static async Task WriteAsync(ReplicaSpace space, string id, string text) =>
        _ = await space.WriteAsync([new Mutation.PutNode(id, null, [new("x", Value.From(text))])]);

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var end = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isTrue())
        {
            _ = await look.WaitForNextTickAsync(end.Token);
        }
    }

    private Task<ReplicaHome> HomeAsync(string name, string displayName) => ReplicaHome.OpenOrCreateAsync(
        new HomeOptions { Directory = Path.Combine(_root, name), DisplayName = displayName, Uncompressed = ["main"] });
}
