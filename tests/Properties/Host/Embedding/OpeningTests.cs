using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Host.Feeds;
using Replica.Transport;
using Replica.Transport.Memory;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>A home with one space in one call: what is made, what is refused, what closing ends.</summary>
public sealed class OpeningTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly SpaceOptions Create = new() { IsCreatedIfMissing = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_made_unless_told()
    {
        var missing = await Assert.ThrowsAsync<ReplicaException>(() => ReplicaSpace.OpenAsync(_folder.Home));
        await using (await ReplicaSpace.OpenAsync(_folder.Home, Create))
        {
        }

        var other = await Assert.ThrowsAsync<ReplicaException>(() => ReplicaSpace.OpenAsync(_folder.Home, new() { Name = "other" }));
        Assert.Equal(("REPLICA_NOT_A_HOME", "REPLICA_NO_SPACE"), (missing.Code, other.Code));
    }

    [Fact]
    public async Task What_was_written_is_there_after_it_was_closed_and_no_network_was_needed()
    {
        ChangePosition position;
        await using (var space = await ReplicaSpace.OpenAsync(_folder.Home, Create))
        {
            _ = await space.TransactAsync(tx => tx.Put("a", "letter"));
            position = await space.GetPositionAsync();
            Assert.Empty((await space.Home.GetStatusAsync()).Listening);
        }

        await using var again = await ReplicaSpace.OpenAsync(_folder.Home);
        Assert.Equal("letter", (await again.GetNodeAsync("a"))!.Type);
        _ = await again.TransactAsync(tx => tx.Put("b", null));
        var changes = await ReadAsync(again, position);

        Assert.Equal(ChangeOrigin.Local, Assert.Single(changes).Origin);
    }

    [Fact]
    public async Task A_position_is_refused_after_a_backup_was_restored()
    {
        ChangePosition position;
        var file = _folder.At("backup");
        await using (var space = await ReplicaSpace.OpenAsync(_folder.Home, Create))
        {
            _ = await space.TransactAsync(tx => tx.Put("a", null));
            position = await space.GetPositionAsync();
            await foreach (var _ in space.BackupAsync(file, null))
            {
            }
        }

        var restored = _folder.At("restored");
        await foreach (var _ in HomeRestore.RunAsync(new() { File = file, Directory = restored, Space = "main" }))
        {
        }

        await using var again = await ReplicaSpace.OpenAsync(restored);
        var refused = await Assert.ThrowsAsync<ReplicaException>(() => ReadAsync(again, position));
        Assert.Equal("REPLICA_POSITION_UNKNOWN", refused.Code);
        Assert.NotEmpty(await ReadAsync(again, ChangePosition.Start));
    }

    [Fact]
    public async Task Two_that_are_told_of_each_other_come_to_hold_the_same()
    {
        var transport = new MemoryTransport();
        var address = PeerAddress.Parse("memory:host");
        await using var one = await ReplicaSpace.OpenAsync(_folder.At("one"), Create with { Transports = [transport], Listen = [address] });
        var ticket = (await one.InviteAsync(new())).Ticket;
        await using var two = await ReplicaSpace.OpenAsync(
            _folder.At("two"), Create with { Ticket = ticket, Transports = [transport], Connect = [address] });
        using var stop = new CancellationTokenSource(Limit);
        var arrived = WaitForAsync(two, "greeting", stop.Token);

        _ = await one.TransactAsync(tx => tx.Put("greeting", null));

        Assert.Equal(ChangeOrigin.Remote, (await arrived).Origin);
    }

    [Fact]
    public async Task Closing_ends_what_follows_and_refuses_what_comes_later()
    {
        var space = await ReplicaSpace.OpenAsync(_folder.Home, Create);
        var feed = CountAsync(space.WatchChangesAsync(ChangePosition.Start));
        var live = CountAsync(space.WatchNodesAsync(new()));
        var presence = CountAsync(space.WatchPresenceAsync());

        await space.DisposeAsync();
        await space.DisposeAsync();

        await feed.WaitAsync(Limit);
        await live.WaitAsync(Limit);
        await presence.WaitAsync(Limit);
        var late = await Assert.ThrowsAsync<ReplicaException>(() => space.TransactAsync(tx => tx.Put("late", null)));
        Assert.Equal("REPLICA_CLOSED", late.Code);
    }

    [Fact]
    public async Task A_feed_that_begins_only_when_the_space_is_closed_ends_as_one_that_began_before()
    {
        var space = await ReplicaSpace.OpenAsync(_folder.Home, Create);
        await space.DisposeAsync();

        Assert.Equal(0, await CountAsync(space.WatchChangesAsync(ChangePosition.Start)).WaitAsync(Limit));
        var late = await Assert.ThrowsAsync<ReplicaException>(() => CountAsync(space.ReadChangesAsync(ChangePosition.Start)));
        Assert.Equal("REPLICA_CLOSED", late.Code);
    }

    [Fact]
    public async Task A_second_opener_is_told_who_holds_the_home_and_may_open_it_later()
    {
        var space = await ReplicaSpace.OpenAsync(_folder.Home, Create with { Holder = "the first" });
        var refused = await Assert.ThrowsAsync<ReplicaException>(() => ReplicaSpace.OpenAsync(_folder.Home));
        await space.DisposeAsync();
        await using var again = await ReplicaSpace.OpenAsync(_folder.Home);

        Assert.Equal("REPLICA_LOCKED", refused.Code);
        Assert.Contains("the first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_is_cancelled_says_so()
    {
        await using var space = await ReplicaSpace.OpenAsync(_folder.Home, Create);
        using var stop = new CancellationTokenSource();
        var feed = CountAsync(space.WatchChangesAsync(ChangePosition.Start, stop.Token));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed.WaitAsync(Limit));
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        var count = 0;
        await foreach (var _ in items)
        {
            count++;
        }

        return count;
    }

    private static async Task<List<SpaceChange>> ReadAsync(ReplicaSpace space, ChangePosition after)
    {
        var changes = new List<SpaceChange>();
        await foreach (var change in space.ReadChangesAsync(after))
        {
            changes.Add(change);
        }

        return changes;
    }

    private static async Task<SpaceChange> WaitForAsync(ReplicaSpace space, string node, CancellationToken cancellationToken)
    {
        await foreach (var change in space.WatchChangesAsync(ChangePosition.Start, cancellationToken))
        {
            if (change.Touched.Contains(new Target.Node(node)))
            {
                return change;
            }
        }

        throw new InvalidOperationException($"The feed ended without {node}.");
    }
}
