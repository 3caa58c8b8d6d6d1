using System.Diagnostics;
using System.Globalization;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Bench.Sync;

/// <summary>Writes here and hears from a child when each change is visible there; both read the computer's one steady clock.</summary>
internal sealed class LiveChangesRun(int count, int warmUpCount) : Contender
{
    private readonly List<TimeSpan> _times = [];
    private ReplicaHome? _home;
    private ChildProcess? _watcher;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(folder, "from") }, cancellationToken);
        var space = await _home.CreateSpaceAsync("main", cancellationToken: cancellationToken);
        _ = await _home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"), cancellationToken);
        _watcher = ChildProcess.Start("watch", Path.Combine(folder, "to"), (warmUpCount + count).ToString(CultureInfo.InvariantCulture));
        _watcher.Say((await space.InviteAsync(new InviteOptions(), cancellationToken)).Ticket);
        _ = await _watcher.HearAsync(cancellationToken);
        await WriteAsync(0, warmUpCount, cancellationToken);
        _times.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await WriteAsync(warmUpCount, count, cancellationToken);
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<string?> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>(LiveChanges.Describe(_times));

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_watcher is not null)
        {
            await _watcher.DisposeAsync();
        }

        if (_home is not null)
        {
            await _home.DisposeAsync();
        }
    }

    private async Task WriteAsync(int from, int changes, CancellationToken cancellationToken)
    {
        var space = _home!.GetSpace("main");
        for (var number = from; number < from + changes; number++)
        {
            _ = await space.WriteAsync(
                [new Mutation.PutNode(LiveChanges.IdOf(number), null, [new("value", Value.From((long)number))])], cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            var seen = long.Parse(await _watcher!.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
            _times.Add(Stopwatch.GetElapsedTime(committed, seen));
        }
    }
}
