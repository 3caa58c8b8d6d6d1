using Replica.Peer.Host;
using Replica.Web.Hosting;

namespace Replica.Samples.Mirror;

/// <summary>Follows the feed of changes and brings the table after it, from where it stopped the last time.</summary>
internal sealed class MirrorWorker(HostedSpace hosted, MirrorTable table) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var space = await hosted.GetAsync(stoppingToken);
        table.Open();
        try
        {
            await FollowAsync(space, stoppingToken);
        }
        catch (ReplicaException fault) when (fault.Code == "REPLICA_POSITION_UNKNOWN")
        {
            // The space was restored or repaired: what the table holds is built anew.
            table.Clear();
            await FollowAsync(space, stoppingToken);
        }
    }

    private async Task FollowAsync(ReplicaSpace space, CancellationToken stoppingToken)
    {
        await foreach (var change in space.WatchChangesAsync(table.Position, stoppingToken))
        {
            await table.ApplyAsync(change, space, stoppingToken);
            Console.WriteLine($"{change.Position.Arrival} applied");
        }
    }

    public override void Dispose()
    {
        table.Dispose();
        base.Dispose();
    }
}
