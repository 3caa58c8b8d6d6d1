using System.Globalization;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Bench.Sync;

/// <summary>Writes to one space here and hears when each change is visible in a child, which may take in a large space meanwhile.</summary>
internal sealed class SharedLineRun(int count, int otherCount, bool isBeside) : WatchedRun
{
    private ulong _otherDue;
    private ulong _otherCame;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        var from = Path.Combine(folder, "from");
        await using (var fill = ChildProcess.Start("fill", from, otherCount.ToString(CultureInfo.InvariantCulture)))
        {
            if (await fill.EndAsync(cancellationToken) != 0)
            {
                throw new InvalidOperationException("The other space could not be filled.");
            }
        }

        Home = await ReplicaHome.OpenAsync(new HomeOptions { Directory = from }, cancellationToken);
        var live = await Home.CreateSpaceAsync("live", cancellationToken: cancellationToken);
        var other = Home.GetSpace("main");
        _otherDue = other.Durable.Max(static position => position.Seq);
        _ = await Home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"), cancellationToken);
        Watcher = ChildProcess.Start("watch-beside", Path.Combine(folder, "to"), count.ToString(CultureInfo.InvariantCulture));
        Watcher.Say((await live.InviteAsync(new InviteOptions(), cancellationToken)).Ticket);
        _ = await Watcher.HearAsync(cancellationToken);
        Watcher.Say(isBeside ? (await other.InviteAsync(new InviteOptions(), cancellationToken)).Ticket : "");
        if (isBeside)
        {
            _ = await Watcher.HearAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await WriteAsync(Home!.GetSpace("live"), 0, count, cancellationToken);
        _otherCame = isBeside ? ulong.Parse(await Watcher!.HearAsync(cancellationToken), CultureInfo.InvariantCulture) : 0;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(
        LiveChanges.Describe(Times) + string.Create(CultureInfo.InvariantCulture,
            $"; at the end {_otherCame} of {_otherDue} changes of the other space were in"));
}
