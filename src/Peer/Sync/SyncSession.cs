using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>
/// Brings two replicas of one space level over one admitted channel and keeps them so. Does no I/O, reads no clock,
/// starts no task; its owner calls it from one thread at a time. The flow is told in docs/protocol-sync.md.
/// </summary>
internal sealed class SyncSession
{
    private readonly ISyncEffects _effects;
    private readonly SyncOptions _options;
    private readonly OwnPositions _own = new();
    private readonly PeerPositions _peer = new();
    private readonly RunSender _sender;
    private readonly RunReceiver _receiver;
    private readonly Broadcaster _broadcaster;

    private readonly Dictionary<LogId, Position> _listed = [];
    private readonly DigestPace _pace = new();
    private Bytes32? _digest;
    private bool _isStarted;
    private bool _hasMet;
    private bool _isClosed;

    /// <summary>Makes a session that waits for <see cref="Start"/>.</summary>
    /// <param name="effects">The world.</param>
    /// <param name="options">Paces and bounds.</param>
    /// <param name="tree">What the sessions of the space share if the peer understands announcements; without it all is pushed.</param>
    public SyncSession(ISyncEffects effects, SyncOptions options, BroadcastTree? tree = null)
    {
        _effects = effects;
        _options = options;
        _sender = new(effects, options, _peer);
        _receiver = new(effects, options, _own, _peer);
        _broadcaster = new(effects, options, _own, _sender, tree);
        _sender.Sent = run => _broadcaster.OnTold(run.Log, run.LastSeq);
    }

    /// <summary>Where the session stands now. Costs a walk over all logs.</summary>
    public SyncStatus Status
    {
        get
        {
            var refused = _receiver.Refused.All.Select(static log => new SyncRefusal(log.At, log.Verdict, log.Until, log.Detail)).ToArray();
            var refusedByPeer = _peer.Logs.Values.Select(static log => log.Refusal).OfType<SyncRefusal>().OrderBy(static r => r.At).ToArray();
            var isFlowing = refused.Length == 0 && refusedByPeer.Length == 0 && _receiver.IsIdle;
            return new()
            {
                Phase = Phase,
                InSync = _hasMet && !_isClosed && isFlowing && HaveEqualPositions(),
                TheirPositions = [.. _peer.Logs.Values.Select(static log => log.Claim).Where(static claim => claim.Seq > 0).Order()],
                TheyLack = Lacks.Total(_own.All.Select(ours => Lacks.Beyond(ours.Seq, _peer.Logs.GetValueOrDefault(ours.Log)?.Claim.Seq ?? 0))),
                WeLack = Lacks.Total(_peer.Logs.Values.Select(log => Lacks.Beyond(log.Claim.Seq, _own[log.Claim.Log].Seq))),
                Refused = refused,
                RefusedByPeer = refusedByPeer,
                Sent = _sender.Traffic,
                Received = _receiver.Traffic,
                ReceivedAgain = _receiver.Repeated,
                IsPushing = _broadcaster.IsEager,
                UnacknowledgedBytes = _peer.UnacknowledgedBytes,
            };
        }
    }

    private SyncPhase Phase => this switch
    {
        { _isClosed: true } => SyncPhase.Closed,
        { _isStarted: false } => SyncPhase.NotStarted,
        { _hasMet: false } => SyncPhase.Comparing,
        { _sender: { HasCaughtUp: false, IsLazy: false } } => SyncPhase.CatchingUp,
        _ => SyncPhase.Live,
    };

    /// <summary>Begins: tells the peer what is here. Once, before any other input.</summary>
    /// <param name="durable">All durable positions, ascending.</param>
    public void Start(IReadOnlyList<Position> durable)
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The session has begun already; each connection and space needs one of its own.");
        }

        _isStarted = true;
        _ = _own.Update(durable);
        _broadcaster.Start();
        SendHave();
        _effects.StartTimer(SyncTimer.Digest, _options.DigestEvery);
    }

    /// <summary>Takes a message of the peer.</summary>
    public void OnMessage(SyncMessage message)
    {
        if (_isClosed)
        {
            return;
        }

        switch (message)
        {
            case SyncMessage.Digest digest:
                _digest = digest.Value;
                break;
            case SyncMessage.Have have:
                OnHave(have);
                break;
            case SyncMessage.Trace trace:
                OnTrace(trace.Log);
                break;
            case SyncMessage.Runs runs:
                OnRunsReceived(runs.Items);
                break;
            case SyncMessage.Ack ack:
                Claim(ack.Positions);
                break;
            case SyncMessage.Hold hold:
                OnRefused(new(hold.At, hold.Reason, hold.Until, ""));
                break;
            case SyncMessage.Reject reject:
                OnRefused(new(reject.At, reject.Reason, null, ""));
                break;
            case SyncMessage.Want want:
                OnWant(want.Positions);
                break;
            case SyncMessage.Prune:
                _broadcaster.OnPruned();
                break;
            case SyncMessage.Graft graft:
                _broadcaster.OnGrafted();
                OnWant(graft.Positions);
                break;
            case SyncMessage.Presence or SyncMessage.Ignored:
                break;
            default:
                throw new UnreachableException($"No case for {message}.");
        }

        Pump();
    }

    /// <summary>Takes the answer to <see cref="ISyncEffects.ReadRuns"/>.</summary>
    public void OnRuns(RunPage page)
    {
        if (!_isClosed)
        {
            _sender.OnPage(page);
            Pump();
        }
    }

    /// <summary>Takes the answer to <see cref="ISyncEffects.Apply"/>.</summary>
    public void OnApplied(ApplyReport report)
    {
        if (_isClosed)
        {
            return;
        }

        var hasGrown = _own.Update(report.Durable);
        _broadcaster.OnApplied(_receiver.Applying, report.Results);
        if (_receiver.OnApplied(report) is { } fault)
        {
            Close(SyncCloseReason.Forged, fault);
        }
        else if (_receiver.Refused.Count > SyncLimits.RefusalsMax)
        {
            Close(SyncCloseReason.TooManyRefusals, $"The peer sent more than {SyncLimits.RefusalsMax} logs that can't be taken.");
        }
        else if (hasGrown)
        {
            Grow();
        }

        Pump();
    }

    /// <summary>Takes that durable positions grew, whatever made them grow.</summary>
    /// <param name="positions">All durable positions, ascending.</param>
    public void OnDurable(IReadOnlyList<Position> positions)
    {
        if (!_isClosed && _own.Update(positions))
        {
            Grow();
            Pump();
        }
    }

    /// <summary>Takes that a timer ran out.</summary>
    public void OnTimer(SyncTimer timer)
    {
        if (_isClosed)
        {
            return;
        }

        switch (timer)
        {
            case SyncTimer.Digest:
                _peer.Digests++;
                _effects.Send(new SyncMessage.Digest(_own.Digest()));
                _effects.StartTimer(SyncTimer.Digest, _options.DigestEvery);
                break;
            case SyncTimer.Retry:
                _receiver.OnRetry();
                break;
            case SyncTimer.Announce:
                _broadcaster.OnAnnounce();
                break;
            case SyncTimer.Graft:
                _broadcaster.OnOverdue(log => _receiver.Refused.TryGet(log, out _));
                break;
            default:
                throw new UnreachableException($"No case for {timer}.");
        }

        Pump();
    }

    /// <summary>The channel is over: others need not count on this session any more. Nothing may follow.</summary>
    public void End()
    {
        _isClosed = true;
        _broadcaster.End();
    }

    /// <summary>Takes that the channel has room again.</summary>
    public void OnDrained() => Pump();

    private void Pump()
    {
        if (_isClosed)
        {
            return;
        }

        _receiver.Pump();
        AnswerDigest();
        if (_hasMet)
        {
            _sender.Pump();
        }
    }

    private void Grow()
    {
        _sender.Grow();
        _receiver.OnGrown();
        _broadcaster.OnGrown(_own.Grown);
    }

    private void OnHave(SyncMessage.Have have)
    {
        foreach (var position in have.Positions)
        {
            _listed[position.Log] = position;
            _broadcaster.OnClaim(position);
        }

        Claim(have.Positions);
        if (have.More || _isClosed)
        {
            return;
        }

        if (_hasMet && _peer.EndList(_listed))
        {
            _sender.Rewind();
        }

        _hasMet = true;
        _listed.Clear();
        _broadcaster.OnListed();
    }

    private void Claim(IReadOnlyList<Position> positions)
    {
        foreach (var position in positions)
        {
            if (_peer.Claim(position))
            {
                _sender.Rewind();
            }

            var ours = _own[position.Log];
            if (position.Seq > 0 && ours.Seq == position.Seq && ours.Head != position.Head)
            {
                _receiver.MarkForked(new(position, RunVerdict.Forked, null, $"the peer holds another change at {ours.Dot}"));
            }
        }

        CheckLogs();
    }

    private void OnRunsReceived(IReadOnlyList<SignedRun> runs)
    {
        if (!_receiver.TryEnqueue(runs))
        {
            Close(SyncCloseReason.TooMuchUnasked, $"The peer sent more than the {_options.InboxBytesMax} bytes that may wait here.");
        }

        foreach (var run in runs)
        {
            // What it sends it has; so it isn't sent back while it is being applied here.
            if (_peer.Claim(new(run.Log, run.LastSeq, default)))
            {
                _sender.Rewind();
            }
        }

        CheckLogs();
    }

    /// <summary>Only what we have can be refused: so a peer can't make us remember more than our own logs.</summary>
    private void OnRefused(SyncRefusal refusal)
    {
        if (_own.Contains(refusal.At.Log))
        {
            _peer.Refuse(refusal);
        }
    }

    private void OnWant(IReadOnlyList<Position> positions)
    {
        foreach (var position in positions)
        {
            if (_own.Contains(position.Log))
            {
                _peer.Reset(position);
                _sender.Rewind();
                _sender.Serve();
            }
        }
    }

    private void OnTrace(LogId log)
    {
        if (_own.Contains(log))
        {
            _receiver.MarkForked(new(_own[log], RunVerdict.Forked, null, "the peer says that its copy stands on another branch"));
        }
    }

    /// <summary>Answers once all is applied that came before the digest, and once there is room for a long answer.</summary>
    private void AnswerDigest()
    {
        if (_digest is not { } theirs || !_receiver.IsIdle || _effects.QueuedBytes > _options.QueuedBytesMax)
        {
            return;
        }

        _digest = null;
        var ours = _own.Digest();
        if (theirs == ours)
        {
            _pace.Agree();
            Claim(_own.All);
        }
        else if (_pace.Differ(theirs, ours))
        {
            SendHave();
        }
    }

    private void SendHave()
    {
        var all = _own.All;
        var parts = Math.Max(1, (all.Count + SyncLimits.PositionsMax - 1) / SyncLimits.PositionsMax);
        for (var i = 0; i < parts; i++)
        {
            var part = all.Skip(i * SyncLimits.PositionsMax).Take(SyncLimits.PositionsMax).ToArray();
            _effects.Send(new SyncMessage.Have(part, i + 1 < parts));
        }
    }

    private bool HaveEqualPositions() =>
        _peer.Logs.Values.Count(static log => log.Claim.Seq > 0) == _own.Count
        && _own.All.All(ours => _peer.Logs.TryGetValue(ours.Log, out var log) && log.Claim == ours);

    private void CheckLogs()
    {
        if (_peer.Count > SyncLimits.PeerLogsMax)
        {
            Close(SyncCloseReason.TooManyLogs, $"The peer named more than {SyncLimits.PeerLogsMax} logs.");
        }
    }

    private void Close(SyncCloseReason reason, string text)
    {
        if (!_isClosed)
        {
            End();
            _effects.Close(reason, text);
        }
    }
}
