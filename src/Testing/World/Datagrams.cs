using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Store;

namespace Replica.Testing.World;

/// <summary>The least exchange, in messages that may get lost, come twice, late, or in another order.</summary>
internal static class Datagrams
{
    private const int PageBytesMax = 4096;

    /// <summary>A peer tells another what it has, so that it sends what is lacking.</summary>
    public static void Ask(SimulatedWorld world, SimulatedPeer peer, int other)
    {
        if (peer.IsRunning && peer.Number != other)
        {
            Send(world, peer.Number, other, new ExchangeMessage.Have(peer.Store.Durable));
        }
    }

    private static void Send(SimulatedWorld world, int from, int to, ExchangeMessage message) =>
        world.Network.Send(from, to, message.ToBytes(), bytes => Receive(world, from, world.Peers[to], bytes));

    private static void Receive(SimulatedWorld world, int from, SimulatedPeer peer, byte[] bytes)
    {
        if (!peer.IsRunning)
        {
            return;
        }

        try
        {
            switch (ExchangeMessage.Read(bytes))
            {
                case ExchangeMessage.Have have:
                    _ = world.Scheduler.WatchAsync(AnswerAsync(world, from, peer, have.Positions));
                    break;
                case ExchangeMessage.Runs runs:
                    _ = world.Scheduler.WatchAsync(ApplyAsync(world, from, peer, runs.Items));
                    break;
            }
        }
        catch (StoreException fault)
        {
            world.Trace(() => $"{peer} can't read what {world.NameOf(from)} lacks: {fault.Message}");
        }
        catch (EncodingException) when (world.Network.MayDamage)
        {
            world.Trace(() => $"{peer} drops a damaged message");
        }
    }

    private static async Task AnswerAsync(SimulatedWorld world, int from, SimulatedPeer peer, IReadOnlyList<Position> positions)
    {
        try
        {
            var has = await peer.Store.QueryAsync(ledger => ledger.Places.Reach(positions), CancellationToken.None);
            var page = peer.Store.ReadRuns(new(0, has, new HashSet<BranchId>(), PageBytesMax));
            if (page.Runs.Count > 0)
            {
                Send(world, peer.Number, from, new ExchangeMessage.Runs([.. page.Runs.Select(static run => run.Run)]));
            }
        }
        catch (StoreException fault)
        {
            world.Trace(() => $"{peer} can't answer {world.NameOf(from)}: {fault.Message}");
        }
    }

    private static async Task ApplyAsync(SimulatedWorld world, int from, SimulatedPeer peer, IReadOnlyList<SignedRun> runs)
    {
        try
        {
            var report = await peer.Store.ApplyAsync(runs, CancellationToken.None);
            if (!world.Network.MayDamage)
            {
                world.Judge(peer, from, runs, report.Results);
            }
        }
        catch (StoreException fault)
        {
            world.Trace(() => $"{peer} can't store what {world.NameOf(from)} sent: {fault.Message}");
        }
    }
}
