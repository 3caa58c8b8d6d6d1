using System.Diagnostics;
using System.Globalization;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Bench.Sync;

/// <summary>Writes to one space here and hears when each change is visible in a child, which may take in a large space meanwhile.</summary>
internal sealed class SharedLineRun(int count, int otherCount, bool isBeside) : Contender
{
    private readonly List<TimeSpan> _times = [];
    private ReplicaHome? _home;
    private ChildProcess? _watcher;
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

        _home = await ReplicaHome.OpenAsync(new HomeOptions { Directory = from }, cancellationToken);
        var live = await _home.CreateSpaceAsync("live", cancellationToken: cancellationToken);
        var other = _home.GetSpace("main");
        _otherDue = other.Durable.Max(static position => position.Seq);
        _ = await _home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"), cancellationToken);
        _watcher = ChildProcess.Start("watch-beside", Path.Combine(folder, "to"), count.ToString(CultureInfo.InvariantCulture));
        _watcher.Say((await live.InviteAsync(new InviteOptions(), cancellationToken)).Ticket);
        _ = await _watcher.HearAsync(cancellationToken);
        _watcher.Say(isBeside ? (await other.InviteAsync(new InviteOptions(), cancellationToken)).Ticket : "");
        if (isBeside)
        {
            _ = await _watcher.HearAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var space = _home!.GetSpace("live");
        for (var number = 0; number < count; number++)
        {
            _ = await space.WriteAsync(
                [new Mutation.PutNode(LiveChanges.IdOf(number), null, [new("value", Value.From((long)number))])], cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            var seen = long.Parse(await _watcher!.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
            _times.Add(Stopwatch.GetElapsedTime(committed, seen));
        }

        _otherCame = isBeside ? ulong.Parse(await _watcher!.HearAsync(cancellationToken), CultureInfo.InvariantCulture) : 0;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(
        LiveChanges.Describe(_times) + string.Create(CultureInfo.InvariantCulture,
            $"; at the end {_otherCame} of {_otherDue} changes of the other space were in"));

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
}
