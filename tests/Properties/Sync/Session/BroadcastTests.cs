using Replica.Peer.Sync;
using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Many replicas in one network in virtual time: changes reach all, and most of them once.</summary>
public sealed class BroadcastTests(ITestOutputHelper output)
{
    private const int PayloadBytes = 200;

    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    [Fact]
    public void Ten_in_a_full_mesh_come_level_and_get_most_once() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var replicas = Add(world, 10);
        var links = Mesh(world, replicas);
        WriteOneByOne(world, 50);
        var before = Count(links);
        WriteOneByOne(world, 50);

        world.RunFor(Settling);

        AssertLevel(replicas, links);
        AssertMostCameOnce(before, Count(links));
    }, 3);

    [Fact]
    public void A_hundred_in_a_sparse_graph_come_level_and_less_than_half_comes_twice() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var replicas = Add(world, 100);
        var links = Sparse(world, replicas, degree: 6);
        WriteOneByOne(world, 100);
        var before = Count(links);
        WriteOneByOne(world, 100);

        world.RunFor(Settling);

        AssertLevel(replicas, links);
        AssertMostCameOnce(before, Count(links));
    }, 1);

    [Fact]
    public void Without_trees_the_same_mesh_gets_most_more_than_once()
    {
        var world = new SyncWorld(new Chance(1));
        var links = Mesh(world, Add(world, 10));
        WriteOneByOne(world, 20);

        world.RunFor(Settling);

        var (all, again) = Count(links);
        Assert.True(again * 2 > all, $"only {again} of {all} bytes came again");
    }

    [Fact]
    public void When_a_replica_of_the_tree_falls_silent_the_others_mend_it()
    {
        var world = NewWorld(new Chance(3));
        var replicas = Add(world, 12);
        var links = Sparse(world, replicas, degree: 4);
        WriteOneByOne(world, 40);
        world.RunFor(Settling);
        var silent = replicas[5];
        foreach (var link in links.Where(link => link.A.Replica == silent || link.B.Replica == silent))
        {
            link.IsSilent = true;
        }

        var rest = replicas.Where(replica => replica != silent).ToArray();
        foreach (var replica in rest)
        {
            _ = replica.Write();
        }

        world.RunFor(TimeSpan.FromSeconds(20));

        Assert.All(rest, replica => Assert.All(rest, other => Assert.Equal(other.Store.Tip(other.Own), replica.Store.Tip(other.Own))));
    }

    [Fact]
    public void A_newcomer_with_many_neighbours_gets_the_history_about_once()
    {
        var world = NewWorld(new Chance(4), new SyncOptions { WindowBytes = 64 * 1024, PageBytes = 8 * 1024 });
        var replicas = Add(world, 7);
        _ = Mesh(world, replicas[..6]);
        for (var i = 0; i < 300; i++)
        {
            _ = replicas[i % 6].Write(bytes: 5_000);
        }

        world.RunFor(Settling);
        var links = replicas[..6].Select(other => world.Connect(replicas[6], other)).ToList();
        world.RunFor(Settling);

        Assert.Equal(replicas[0].Store.Durable, replicas[6].Store.Durable);
        var (all, again) = Count(links);
        output.WriteLine($"{all:N0} bytes came, {again:N0} of them again");
        Assert.True(again < 6 * 2 * 64 * 1024 && again < all / 2, $"{again} of {all} bytes came again");
    }

    [Fact]
    public void A_peer_that_knows_no_announcements_is_pushed_everything()
    {
        var world = NewWorld(new Chance(5));
        var (a, b) = (world.Add(), world.Add());
        b.Tree = null;
        var link = world.Connect(a, b);
        _ = a.Write();
        world.RunFor(Settling);

        Assert.True(link.A.Status.InSync && link.B.Status.InSync);
    }

    [Fact]
    public void Trees_grow_again_after_cuts_and_nothing_is_lost() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var replicas = Add(world, 8);
        var links = Sparse(world, replicas, degree: 4);
        for (var i = 0; i < 30; i++)
        {
            world.RunFor(TimeSpan.FromMilliseconds(chance.Below(500)));
            _ = chance.Pick(replicas).Write(bytes: PayloadBytes);
            if (chance.Percent(40))
            {
                var at = chance.Below(links.Count);
                links[at].Cut();
                links[at] = world.Connect(links[at].A.Replica, links[at].B.Replica);
            }
        }

        world.RunFor(Settling);

        AssertLevel(replicas, links);
    }, 20);

    private static SyncWorld NewWorld(Chance chance, SyncOptions? options = null) => new(chance, options, hasTrees: true);

    private static SyncReplica[] Add(SyncWorld world, int count) => [.. Enumerable.Range(0, count).Select(_ => world.Add())];

    private static List<SyncLink> Mesh(SyncWorld world, SyncReplica[] replicas) =>
        [.. from i in Enumerable.Range(0, replicas.Length) from j in Enumerable.Range(0, i) select world.Connect(replicas[i], replicas[j])];

    /// <summary>A ring, so that it hangs together, and random links until each replica has about as many as wished.</summary>
    private static List<SyncLink> Sparse(SyncWorld world, SyncReplica[] replicas, int degree)
    {
        var pairs = new HashSet<(int, int)>();
        for (var i = 0; i < replicas.Length; i++)
        {
            _ = pairs.Add((Math.Min(i, (i + 1) % replicas.Length), Math.Max(i, (i + 1) % replicas.Length)));
        }

        while (pairs.Count < replicas.Length * degree / 2)
        {
            var (a, b) = (world.Chance.Below(replicas.Length), world.Chance.Below(replicas.Length));
            if (a != b)
            {
                _ = pairs.Add((Math.Min(a, b), Math.Max(a, b)));
            }
        }

        return [.. pairs.Select(pair => world.Connect(replicas[pair.Item1], replicas[pair.Item2]))];
    }

    private static void WriteOneByOne(SyncWorld world, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _ = world.Chance.Pick(world.Replicas).Write(bytes: PayloadBytes);
            world.RunFor(TimeSpan.FromMilliseconds(world.Chance.Below(1_000)));
        }
    }

    private static void AssertLevel(SyncReplica[] replicas, IReadOnlyList<SyncLink> links)
    {
        Assert.All(replicas, replica => Assert.Equal(replicas[0].Store.Durable, replica.Store.Durable));
        Assert.All(links, static link => Assert.True(link.A.Status.InSync && link.B.Status.InSync));
    }

    private void AssertMostCameOnce((long All, long Again) before, (long All, long Again) after)
    {
        var (all, again) = (after.All - before.All, after.Again - before.Again);
        output.WriteLine($"{all:N0} payload bytes came, {again:N0} of them ({(double)again / all:0.000}) were known");
        Assert.True(again * 2 < all, $"{again} of {all} payload bytes came again");
    }

    private static (long All, long Again) Count(IEnumerable<SyncLink> links)
    {
        var sides = links.SelectMany(static link => new[] { link.A, link.B }).Select(static side => side.Status).ToArray();
        return (sides.Sum(static status => status.Received.Bytes), sides.Sum(static status => status.ReceivedAgain.Bytes));
    }
}
