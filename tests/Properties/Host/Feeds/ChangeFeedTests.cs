using Replica.Crdt.Changes;
using Replica.Peer.Host.Feeds;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Xunit;

namespace Replica.Tests.Properties.Host.Feeds;

/// <summary>The feed of committed changes: each once, in order of application, from any position, on any day.</summary>
public sealed class ChangeFeedTests
{
    [Fact]
    public async Task Changes_of_both_devices_come_once_in_order_of_application_and_say_who_made_them()
    {
        await using var own = await FoundAsync();
        await using var other = await JoinAsync(own);
        _ = await own.PutAsync("a");
        await own.TakeAsync(other);
        _ = await own.PutAsync("b");

        var changes = await own.ReadAsync();

        using var reader = own.Store.OpenReader();
        Assert.Equal(reader.ReadLog(0, isNewestFirst: false).Select(static stored => stored.Arrival), changes.Select(static c => c.Position.Arrival));
        Assert.Equal(["a", "theirs", "b"], changes.SelectMany(static c => c.Touched).OfType<Target.Node>().Select(static node => node.Id));
        Assert.Equal(changes.Select(c => c.Device == own.Author), changes.Select(static c => c.Origin == ChangeOrigin.Local));
        Assert.Equal(2, changes.Count(c => c.Device == other.Author && c.Origin == ChangeOrigin.Remote));
        Assert.Equal(changes.Count, changes.Select(static c => c.Dot).Distinct().Count());
    }

    [Fact]
    public async Task Every_position_gives_the_rest_also_after_a_restart()
    {
        await using var world = await FoundAsync();
        for (var i = 0; i < 20; i++)
        {
            _ = await world.PutAsync($"n{i}");
        }

        var all = await world.ReadAsync();
        await world.CloseAsync();

        for (var i = 0; i < all.Count; i++)
        {
            Assert.True(ChangePosition.TryParse(all[i].Position.ToString(), out var position));
            Assert.Equal(all.Skip(i + 1).Select(static c => c.Dot), (await world.ReadAsync(position)).Select(static c => c.Dot));
        }

        Assert.Equal(all[^1].Position, await ChangeCursor.FindEndAsync(world.Store, CancellationToken.None));
    }

    [Fact]
    public async Task A_position_of_a_copy_put_back_is_refused()
    {
        await using var world = await FoundAsync();
        _ = await world.PutAsync("a");
        var position = (await world.ReadAsync())[^1].Position;
        var copy = world.Copy();
        _ = await world.PutAsync("b");
        await world.SetBackAsync(copy);
        world.Place.Facts = world.Place.Facts with { File = "another" };

        await RefusedAsync(world, position);
        Assert.NotEmpty(await world.ReadAsync(ChangePosition.Start));
        Assert.NotEqual(position.Order, (await world.ReadAsync())[^1].Position.Order);
    }

    [Fact]
    public async Task A_position_is_refused_where_a_disk_was_set_back_unnoticed()
    {
        await using var world = await FoundAsync();
        _ = await world.PutAsync("a");
        _ = await world.ReadAsync();
        var copy = world.Copy();
        _ = await world.PutAsync("b");
        var position = (await world.ReadAsync())[^1].Position;

        await world.SetBackAsync(copy);
        await RefusedAsync(world, position);
        _ = await world.PutAsync("c");

        await RefusedAsync(world, position);
    }

    [Fact]
    public async Task A_position_of_another_device_is_refused()
    {
        await using var own = await FoundAsync();
        await using var other = await JoinAsync(own);

        await RefusedAsync(other, (await own.ReadAsync())[0].Position);
    }

    [Fact]
    public async Task A_change_is_told_only_once_it_is_on_disk()
    {
        await using var world = await FoundAsync(Durability.Relaxed);
        using var cursor = await world.OpenFeedAsync(default);
        _ = cursor.ReadPage();
        _ = await world.PutAsync("a");

        Assert.Empty(cursor.ReadPage());
        await world.Store.FlushAsync(CancellationToken.None);

        Assert.Single(cursor.ReadPage());
    }

    [Fact]
    public async Task Nobody_who_reads_misses_or_repeats_what_many_write_at_once()
    {
        const int Writers = 4;
        const int Each = 100;
        await using var world = await FoundAsync();
        using var stop = new CancellationTokenSource(FeedWorld.Limit);
        var readers = Enumerable.Range(0, 3).Select(_ => FollowAsync((Writers * Each) + 1)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
            {
                _ = await world.PutAsync($"{writer}/{i}");
            }
        }));

        var due = (await world.ReadAsync()).Select(static c => c.Dot).ToArray();
        Assert.Equal((Writers * Each) + 1, due.Length);
        foreach (var reader in readers)
        {
            Assert.Equal(due, await reader);
        }

        async Task<List<Replica.Crdt.Causality.Dot>> FollowAsync(int count)
        {
            using var cursor = await world.OpenFeedAsync(default);
            var seen = new List<Replica.Crdt.Causality.Dot>();
            while (seen.Count < count)
            {
                var page = cursor.ReadPage();
                seen.AddRange(page.Select(static c => c.Dot));
                Assert.True(page.Count > 0 || await cursor.WaitAsync(stop.Token));
            }

            return seen;
        }
    }

    [Fact]
    public async Task A_page_is_bounded_however_much_there_is()
    {
        await using var world = await FoundAsync();
        for (var i = 0; i < ChangeCursor.PageChangesMax + 10; i++)
        {
            _ = await world.PutAsync("a", i);
        }

        using var cursor = await world.OpenFeedAsync(default);

        Assert.Equal(ChangeCursor.PageChangesMax, cursor.ReadPage().Count);
        Assert.Equal(11, cursor.ReadPage().Count);
        Assert.Empty(cursor.ReadPage());
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_space_closes_or_the_wait_is_cancelled()
    {
        await using var world = await FoundAsync();
        using var cursor = await world.OpenFeedAsync(default);
        _ = cursor.ReadPage();
        using var cancelled = new CancellationTokenSource();
        var first = cursor.WaitAsync(cancelled.Token).AsTask();

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(FeedWorld.Limit));
        var second = cursor.WaitAsync(CancellationToken.None).AsTask();
        await world.CloseAsync();

        Assert.False(await second.WaitAsync(FeedWorld.Limit));
        Assert.Empty(cursor.ReadPage());
    }

    [Fact]
    public void A_name_that_had_to_be_dropped_and_that_the_disk_kept_counts_for_nothing()
    {
        var draw = 1UL;
        var note = new OrderNote(new MemoryEngine());
        var told = note.Take(() => new(draw++));
        Assert.Equal(told, note.Take(() => new(draw++)));

        note.IsVoid = true;

        Assert.NotEqual(told, note.Take(() => new(draw++)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("0-0000000000000000-0000000000000000")]
    [InlineData("7-0000000000000000")]
    [InlineData("7-000000000000000g-0000000000000000")]
    [InlineData("7-00000000000000000-000000000000000")]
    [InlineData("99999999999999999999-0000000000000000-0000000000000000")]
    [InlineData("7-0000000000000000-0000000000000000-")]
    public void What_is_no_position_is_not_read(string? text) => Assert.False(ChangePosition.TryParse(text, out _));

    [Theory]
    [InlineData("0")]
    [InlineData("7-00000000000000aa-bb00000000000000")]
    [InlineData("9223372036854775807-ffffffffffffffff-ffffffffffffffff")]
    public void A_position_reads_as_it_was_written(string text)
    {
        Assert.True(ChangePosition.TryParse(text, out var position));

        Assert.Equal(text, position.ToString());
        Assert.InRange(text.Length, 1, ChangePosition.TextCharsMax);
    }

    private static async Task<FeedWorld> FoundAsync(Durability durability = Durability.Full)
    {
        var world = new FeedWorld(durability);
        await world.FoundAsync();
        return world;
    }

    /// <summary>A second device that was let in, and wrote once.</summary>
    private static async Task<FeedWorld> JoinAsync(FeedWorld founder)
    {
        var joined = new FeedWorld(author: 2);
        _ = await founder.Store.WriteAsync(
            transaction =>
            {
                transaction.Add(Target.Space.Instance, new Operation.Promote(joined.Author, Role.Writer));
                return true;
            },
            CancellationToken.None);
        _ = await joined.Store.JoinAsync(founder.Store.Space!.Value, Durability.Full, CancellationToken.None);
        await joined.TakeAsync(founder);
        _ = await joined.PutAsync("theirs");
        return joined;
    }

    private static async Task RefusedAsync(FeedWorld world, ChangePosition position) =>
        _ = await Assert.ThrowsAsync<UnknownPositionException>(() => world.OpenFeedAsync(position));
}
