using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>A stream of small transactions that runs until its peer dies under it, and remembers which ones were acknowledged.</summary>
/// <param name="peer">The peer.</param>
internal sealed class AcknowledgedWrites(DemoPeer peer)
{
    /// <summary>What the ids of its nodes begin with.</summary>
    public const string Prefix = "demo/write-";

    /// <summary>How many transactions are under way at once.</summary>
    public const int Writers = 4;

    /// <summary>The most transactions, should nobody kill the peer.</summary>
    public const int WritesMax = 50_000;

    private readonly Lock _gate = new();
    private readonly List<string> _acknowledged = [];
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;
    private int _due = int.MaxValue;

    /// <summary>The ids of the nodes whose writes were acknowledged.</summary>
    public IReadOnlyCollection<string> Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>How many writes were sent.</summary>
    public int Asked => _asked;

    /// <summary>Writes until the peer no longer answers.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync(cancellationToken)));

    /// <summary>Ends when that many writes are acknowledged.</summary>
    public Task ReachAsync(int acknowledged)
    {
        lock (_gate)
        {
            _due = acknowledged;
            Tell();
        }

        return _reached.Task;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var number = Interlocked.Increment(ref _asked); number <= WritesMax; number = Interlocked.Increment(ref _asked))
            {
                var id = $"{Prefix}{number:000000}";
                _ = await peer.WriteAsync([new Mutation.PutNode(id, "write", [new("number", Value.From((long)number))])], cancellationToken);
                lock (_gate)
                {
                    _acknowledged.Add(id);
                    Tell();
                }
            }
        }
        catch (Exception fault) when (IsEndOfPeer(fault) && !cancellationToken.IsCancellationRequested)
        {
            // The peer was killed: nobody knows what became of this write, and nobody was told that it is safe.
        }
    }

    /// <summary>The connection broke, or was let go together with the dead process while a write was under way.</summary>
    private static bool IsEndOfPeer(Exception fault) => fault
        is ReplicaException { Code: "REPLICA_DAEMON_GONE" }
        or HttpRequestException or IOException or OperationCanceledException or InvalidOperationException;

    private void Tell()
    {
        if (_acknowledged.Count >= _due)
        {
            _ = _reached.TrySetResult();
        }
    }
}
