using System.Diagnostics;
using Replica.PeerCli.Demo.Peers;

namespace Replica.PeerCli.Demo.Screen;

/// <summary>Turns what the peers say into rows for the display, with the speed of the last second.</summary>
internal sealed class PeerBoard
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<int, Queue<(TimeSpan At, long Records)>> _past = [];

    /// <summary>The rows as of now.</summary>
    public IReadOnlyList<PeerRow> Rows(IEnumerable<DemoPeer> peers) => [.. peers.Select(Row)];

    private PeerRow Row(DemoPeer peer)
    {
        if (peer.Reading is not { } reading)
        {
            _ = _past.Remove(peer.Number);
            return new(peer.Name, 0, 0, 0, 0, 0, 0, peer.MemoryBytesMax);
        }

        var (now, records) = (_clock.Elapsed, reading.Nodes + reading.Edges);
        if (!_past.TryGetValue(peer.Number, out var past))
        {
            _past[peer.Number] = past = new();
        }

        past.Enqueue((now, records));
        // One sample beyond the window stays, so that the speed is never of less than a window.
        while (past.Count > 2 && past.ElementAt(1).At < now - s_window)
        {
            _ = past.Dequeue();
        }

        var (at, before) = past.Peek();
        var speed = now > at ? Math.Max(0, records - before) / (now - at).TotalSeconds : 0;
        return new(peer.Name, peer.ProcessId, reading.Nodes, reading.Edges, reading.Changes, speed, reading.Connections, peer.MemoryBytesMax);
    }
}
