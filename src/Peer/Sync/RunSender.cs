using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>
/// Streams to a peer what it lacks: one cursor through this replica's order of application. Catching up and live
/// pushes are one loop, which waits at the end for more to become durable.
/// </summary>
internal sealed class RunSender(ISyncEffects effects, SyncOptions options, PeerPositions peer, RunReceiver receiver)
{
    /// <summary>A message of runs ends with the run that reaches this many bytes; a run has at most 1.1 MiB.</summary>
    private const int MessageBytes = 256 * 1024;

    private long _cursor;
    private bool _isReading;
    private bool _hasMore = true;
    private bool _hasGrown;
    private bool _mustRewind;
    private bool _isAsked;

    /// <summary>Whether nothing is pushed unless it was asked for.</summary>
    public bool IsLazy { get; set; }

    /// <summary>Whether the end was reached once.</summary>
    public bool HasCaughtUp { get; private set; }

    /// <summary>Whether nothing is left to be read.</summary>
    public bool IsAtEnd => !_isReading && !_hasMore;

    /// <summary>What was sent.</summary>
    public SyncTraffic Traffic { get; private set; }

    /// <summary>Told of each run that goes out.</summary>
    public Action<PagedRun>? Sent { get; set; }

    /// <summary>More is durable here.</summary>
    public void Grow()
    {
        _hasGrown = _isReading;
        _hasMore = true;
    }

    /// <summary>The peer needs something from before the cursor. Starting over is cheap: what it has is skipped.</summary>
    public void Rewind()
    {
        _mustRewind = _isReading;
        _hasMore = true;
        _cursor = 0;
    }

    /// <summary>The peer asked: once through all that it lacks, also where nothing is pushed.</summary>
    public void Serve()
    {
        _isAsked = true;
        _hasMore = true;
    }

    /// <summary>Reads on if there is more and the way is free.</summary>
    public void Pump()
    {
        if (_isReading || !_hasMore || (IsLazy && !_isAsked) || effects.QueuedBytes > options.QueuedBytesMax || peer.UnacknowledgedBytes >= options.WindowBytes)
        {
            return;
        }

        _isReading = true;
        effects.ReadRuns(peer.Query(_cursor, options.PageBytes));
    }

    /// <summary>Sends a page that was read.</summary>
    public void OnPage(RunPage page)
    {
        _isReading = false;
        if (_mustRewind)
        {
            // The page was chosen before the peer said what it needs; sending it could only open gaps.
            _mustRewind = false;
            _hasGrown = false;
            return;
        }

        if (IsLazy && !_isAsked)
        {
            // It was pruned while the page was read: the cursor stays, since nothing of the page is sent.
            return;
        }

        _cursor = page.LastArrival;
        _hasMore = page.More || _hasGrown;
        _hasGrown = false;
        HasCaughtUp |= !_hasMore;
        _isAsked &= _hasMore;
        Send(page.Runs);
    }

    private void Send(IReadOnlyList<PagedRun> runs)
    {
        var message = new List<SignedRun>();
        var bytes = 0;
        foreach (var run in runs)
        {
            // What came from the peer itself while the page was read is not sent back.
            if (!peer.Lacks(run) || receiver.IsApplying(run.Run))
            {
                continue;
            }

            peer.Send(run);
            Sent?.Invoke(run);
            Traffic = Traffic.With(run.Run);
            message.Add(run.Run);
            bytes += RunSize.WireBytes(run.Run);
            if (bytes >= MessageBytes)
            {
                effects.Send(new SyncMessage.Runs(message));
                message = [];
                bytes = 0;
            }
        }

        if (message.Count > 0)
        {
            effects.Send(new SyncMessage.Runs(message));
        }
    }
}
