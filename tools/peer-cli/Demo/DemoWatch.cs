using System.Diagnostics;
using Replica.Peer.Host;
using Replica.PeerCli.Demo.Peers;
using Replica.PeerCli.Demo.Screen;

namespace Replica.PeerCli.Demo;

/// <summary>Looks at the peers again and again until they are as they should be. No wait is without an end.</summary>
/// <param name="peers">The peers.</param>
/// <param name="screen">Where it shows how far they are.</param>
internal sealed class DemoWatch(IReadOnlyList<DemoPeer> peers, IDemoScreen screen)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    // A peer that was out of reach is dialled again after some seconds; twice that without any movement is a fault.
    private static readonly TimeSpan s_stallLimit = TimeSpan.FromSeconds(20);

    private readonly PeerBoard _board = new();

    /// <summary>Waits.</summary>
    /// <param name="what">What for, to be said behind "until".</param>
    /// <param name="isDone">Whether it has come; looks at the last readings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ReplicaException">Nothing moved for too long.</exception>
    public async Task UntilAsync(string what, Func<bool> isDone, CancellationToken cancellationToken)
    {
        var still = Stopwatch.StartNew();
        var last = "";
        while (true)
        {
            await LookAsync(cancellationToken);
            if (isDone())
            {
                return;
            }

            var now = Describe();
            if (now != last)
            {
                last = now;
                still.Restart();
            }
            else if (still.Elapsed > s_stallLimit)
            {
                throw new ReplicaException(
                    "REPLICA_DEMO_STALLED", $"Nothing moved for {s_stallLimit.TotalSeconds} s while the demo waited until {what}: {now}.");
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }

    /// <summary>Waits until all running peers have the same changes.</summary>
    public Task UntilLevelAsync(string what, CancellationToken cancellationToken) => UntilAsync(
        what,
        () => Readings() is var readings && readings.All(reading => !reading.IsJoinPending && reading.IsLevelWith(readings[0])),
        cancellationToken);

    /// <summary>Takes a reading of each running peer and shows it.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var peer in peers.Where(static peer => peer.ProcessId > 0))
        {
            _ = await peer.ReadAsync(cancellationToken);
        }

        screen.Show(_board.Rows(peers));
    }

    private List<PeerReading> Readings() => [.. peers.Select(static peer => peer.Reading).OfType<PeerReading>()];

    private string Describe() => string.Join("; ", peers.Where(static peer => peer.Reading is not null).Select(static peer =>
        $"{peer.Name} has {peer.Reading!.Changes} changes, {peer.Reading.Nodes} nodes, {peer.Reading.Edges} edges, {peer.Reading.Connections} connections"));
}
