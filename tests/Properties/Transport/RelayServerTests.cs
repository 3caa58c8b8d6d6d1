using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>What a relay lets devices do, and what it keeps them from.</summary>
public sealed class RelayServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DeviceKeyPair _one = DeviceKeyPair.Create();
    private readonly DeviceKeyPair _two = DeviceKeyPair.Create();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task A_device_is_dialled_by_its_routing_key_and_sees_that_of_the_dialler()
    {
        await using var relay = await TestRelay.StartAsync();
        using var a = Transport(_one);
        using var b = Transport(_two);
        await using var listener = await ListenAsync(a, relay);

        await using var dialled = await b.ConnectAsync(listener.Address, default);
        await using var accepted = await listener.AcceptAsync(default).AsTask().WaitAsync(Patience);

        using var key = RelayAuth.RoutingKey(_two, relay.Address.Authority);
        Assert.Equal(relay.Address.To(key.PublicKey), accepted!.RemoteAddress);
    }

    [Fact]
    public async Task Only_devices_on_the_list_get_in()
    {
        using var key = RelayAuth.RoutingKey(_one, "127.0.0.1:1");
        await using var relay = await TestRelay.StartAsync(options: new RelayOptions { Allowed = new HashSet<DeviceKey> { key.PublicKey } });
        using var stranger = Transport(_two);

        var refused = await Assert.ThrowsAsync<TransportException>(
            async () => await stranger.ConnectAsync(relay.Address.To(_one.PublicKey), default));

        Assert.Contains("known devices", refused.Message, StringComparison.Ordinal);
        Assert.Contains(relay.Server.GetMetrics().RefusedTotal, static pair => pair is (RelayRefusal.NotAllowed, 1));
    }

    [Fact]
    public async Task A_login_for_one_relay_is_worth_nothing_at_another()
    {
        // The relay answers to another name than the one that is dialled, as one that passes a login on would.
        await using var relay = await TestRelay.StartAsync();
        var port = relay.Address.Authority.Split(':')[1];
        Assert.True(PeerAddress.RelayRoute.TryParseRelay("ws://localhost:" + port, out var other, out _));
        using var transport = Transport(_one);

        var refused = await Assert.ThrowsAsync<TransportException>(
            async () => await transport.ConnectAsync(other!.To(_one.PublicKey), default));

        Assert.Contains("does not go by the name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D5_one_source_may_not_take_all_connections()
    {
        await using var relay = await TestRelay.StartAsync(options: new RelayOptions { ConnectionsPerSourceMax = 3 });
        using var a = Transport(_one);
        using var b = Transport(_two);
        await using var listener = await ListenAsync(a, relay);
        await using var dialled = await b.ConnectAsync(listener.Address, default);

        var refused = await Assert.ThrowsAsync<TransportException>(async () => await b.ConnectAsync(listener.Address, default));

        Assert.Contains("too many connections", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D5_new_connections_are_counted_by_the_second()
    {
        var sources = new RelaySources(new RelayOptions { ConnectsPerSourceSecond = 1 }, new ManualTime());
        var outcomes = Enumerable.Range(0, 12).Select(_ =>
        {
            var refusal = sources.Enter("a");
            if (refusal is null)
            {
                sources.Leave("a");
            }

            return refusal;
        }).ToArray();

        Assert.Equal(10, outcomes.Count(static one => one is null));
        Assert.Equal(RelayRefusal.SourceBusy, outcomes[^1]);
        Assert.Null(sources.Enter("b"));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_second_listener_with_one_key_takes_the_place_of_the_first()
    {
        await using var relay = await TestRelay.StartAsync();
        using var a = Transport(_one);
        await using var first = await ListenAsync(a, relay);
        var lost = first.Connected;
        await using var second = await ListenAsync(a, relay);

        await using var dialled = await a.ConnectAsync(second.Address, default);
        var taken = await Task.WhenAny(second.AcceptAsync(default).AsTask(), first.AcceptAsync(default).AsTask()).WaitAsync(Patience);

        // The first comes back in its turn and takes the place again: either may have it, never nobody.
        Assert.NotNull(await taken);
        Assert.True(lost.IsCompleted);
    }

    [Fact]
    public async Task What_is_left_under_a_tag_is_found_there_and_nowhere_else()
    {
        await using var relay = await TestRelay.StartAsync();
        using var a = Transport(_one);
        using var b = Transport(_two);
        await using var one = await ListenAsync(a, relay);
        await using var two = await ListenAsync(b, relay);
        var tag = new byte[32];

        Assert.True(await one.AnnounceAsync(tag, TimeSpan.FromHours(1), new byte[] { 7 }, default));
        Assert.True(await one.AnnounceAsync(tag, TimeSpan.FromHours(1), new byte[] { 8 }, default));

        Assert.Equal([8], Assert.Single(await two.LookupAsync(tag, default)).ToArray());
        tag[0] = 1;
        Assert.Empty(await two.LookupAsync(tag, default));
    }

    [Fact]
    public void Announcements_run_out_and_are_bounded_by_tag()
    {
        var time = new ManualTime();
        var table = new RendezvousTable(1_000, time);
        for (var i = 0; i < 100; i++)
        {
            using var owner = DeviceKeyPair.Create();
            Assert.True(table.TryAdd(new byte[32], owner.PublicKey, new[] { (byte)i }, TimeSpan.FromMinutes(1)));
        }

        Assert.Equal(RelayFrame.EntriesMax, table.Find(new byte[32]).Count);
        Assert.Equal([99], table.Find(new byte[32])[^1].ToArray());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(table.Find(new byte[32]));
        table.Sweep();
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public async Task A_relay_that_drains_takes_nobody_in_and_lets_tunnels_end()
    {
        await using var relay = await TestRelay.StartAsync();
        using var a = Transport(_one);
        using var b = Transport(_two);
        await using var listener = await ListenAsync(a, relay);
        var dialled = await b.ConnectAsync(listener.Address, default);
        var accepted = (await listener.AcceptAsync(default).AsTask().WaitAsync(Patience))!;

        var draining = relay.Server.DrainAsync(TimeSpan.FromSeconds(15));
        var refused = await Assert.ThrowsAsync<TransportException>(async () => await b.ConnectAsync(listener.Address, default));
        await dialled.Output.WriteAsync(new byte[] { 1 });
        var read = await accepted.Input.ReadAtLeastAsync(1).AsTask().WaitAsync(Patience);

        Assert.Contains("about to stop", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, read.Buffer.Length);
        accepted.Input.AdvanceTo(read.Buffer.End);
        Assert.False(draining.IsCompleted);
        await dialled.DisposeAsync();
        await accepted.DisposeAsync();
        await draining.WaitAsync(Patience);
    }

    [Fact]
    public async Task D5_what_a_lookup_finds_counts_for_who_asked()
    {
        var options = new RelayOptions { BytesPerSourceSecond = 8_192 };
        await using var relay = await TestRelay.StartAsync(options: options);
        using var transport = Transport(_one);
        await using var listener = await ListenAsync(transport, relay);
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 3; i++)
        {
            _ = await listener.LookupAsync(new byte[32], default);
        }

        // Two fit, the third waits for half a second.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.4));
    }

    private static RelayTransport Transport(DeviceKeyPair device) => new(device, static _ => null, TimeProvider.System);

    private static async Task<RelayListener> ListenAsync(RelayTransport transport, TestRelay relay)
    {
        var listener = (RelayListener)await transport.ListenAsync(relay.Address, default);
        await listener.Connected.WaitAsync(Patience);
        return listener;
    }
}
