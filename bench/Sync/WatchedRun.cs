using System.Diagnostics;
using System.Globalization;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Bench.Sync;

/// <summary>Writes here and hears from a child when each change is visible there; both read the computer's one steady clock.</summary>
internal abstract class WatchedRun : Contender
{
    /// <summary>From the commit here to the sight of it there, change by change.</summary>
    protected List<TimeSpan> Times { get; } = [];

    /// <summary>The home that is written to.</summary>
    protected ReplicaHome? Home { get; set; }

    /// <summary>Who looks, in a process of its own.</summary>
    protected ChildProcess? Watcher { get; set; }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Watcher is not null)
        {
            await Watcher.DisposeAsync();
        }

        if (Home is not null)
        {
            await Home.DisposeAsync();
        }
    }

    /// <summary>Writes changes one by one, each when the one before it was seen.</summary>
    protected async Task WriteAsync(ReplicaSpace space, int from, int count, CancellationToken cancellationToken)
    {
        for (var number = from; number < from + count; number++)
        {
            _ = await space.WriteAsync(
                [new Mutation.PutNode(LiveChanges.IdOf(number), null, [new("value", Value.From((long)number))])], cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            var seen = long.Parse(await Watcher!.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
            Times.Add(Stopwatch.GetElapsedTime(committed, seen));
        }
    }
}
