using System.Globalization;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Bench.Sync;

/// <summary>Writes here and hears from a child when each change is visible there; both read the computer's one steady clock.</summary>
internal sealed class LiveChangesRun(int count, int warmUpCount) : WatchedRun
{
    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        Home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(folder, "from") }, cancellationToken);
        var space = await Home.CreateSpaceAsync("main", cancellationToken: cancellationToken);
        _ = await Home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"), cancellationToken);
        Watcher = ChildProcess.Start("watch", Path.Combine(folder, "to"), (warmUpCount + count).ToString(CultureInfo.InvariantCulture));
        Watcher.Say((await space.InviteAsync(new InviteOptions(), cancellationToken)).Ticket);
        _ = await Watcher.HearAsync(cancellationToken);
        await WriteAsync(space, 0, warmUpCount, cancellationToken);
        Times.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await WriteAsync(Home!.GetSpace("main"), warmUpCount, count, cancellationToken);
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<string?> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>(LiveChanges.Describe(Times));
}
