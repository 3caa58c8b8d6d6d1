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
    private readonly PeerClaims _claims;
    private readonly PlaceTalk _talk;
    private readonly RunSender _sender;
    private readonly RunReceiver _receiver;
    private readonly Broadcaster _broadcaster;

    private readonly DigestPace _pace = new();
    private Bytes32? _digest;
    private bool _isStarted;
    private bool _isClosed;

    /// <summary>Makes a session that waits for <see cref="Start"/>.</summary>
    /// <param name="effects">The world.</param>
    /// <param name="options">Paces and bounds.</param>
    /// <param name="memory">What the sessions of the space share of what was not taken; without it each finds it out anew.</param>
    /// <param name="tree">What the sessions of the space share if the peer understands announcements; without it all is pushed.</param>
    public SyncSession(ISyncEffects effects, SyncOptions options, BroadcastTree? tree = null, RefusalMemory? memory = null)
    {
        _effects = effects;
        _options = options;
        _claims = new(_own);
        _receiver = new(effects, options, _own, _peer, _claims, memory);
        _sender = new(effects, options, _peer, _receiver);
        _broadcaster = new(effects, options, _own, _sender, tree);
        _talk = new(effects, _peer, _claims, _broadcaster);
        _sender.Sent = run => _broadcaster.OnTold(run.End);
    }

    /// <summary>Where the session stands now. Costs a walk over all logs.</summary>
    public SyncStatus Status
    {
        get
        {
            var refused = _receiver.Refused.All.Select(static log => new SyncRefusal(log.At, log.Verdict, log.Until, log.Detail)).ToArray();
            var refusedByPeer = _peer.Refusals.ToArray();
            var isFlowing = refused.Length == 0 && refusedByPeer.Length == 0 && _receiver.IsIdle;
            return new()
            {
                Phase = Phase,
                InSync = _talk.HasListed && !_isClosed && isFlowing && _claims.AreOurs,
                TheirPositions = [.. _claims.All],
                TheyLack = _claims.TheyLack(),
                WeLack = _claims.WeLack(),
                TheyHave = _claims.TheyHave(),
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
        { _talk.HasListed: false } => SyncPhase.Comparing,
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
        _receiver.Recall();
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
            case SyncMessage.Trace trace when _own.Contains(trace.Log):
                Ask(new PeerQuestion.Trace(trace.Log, trace.Places));
                break;
            case SyncMessage.Runs runs:
                OnRunsReceived(runs.Items);
                break;
            case SyncMessage.Ack ack:
                OnAck(ack.Positions);
                break;
            case SyncMessage.Hold hold:
                OnRefused(new(hold.At, hold.Reason, hold.Until, ""));
                break;
            case SyncMessage.Reject reject:
                OnRefused(new(reject.At, reject.Reason, null, ""));
                break;
            case SyncMessage.Want want:
                Ask(new PeerQuestion.Want(want.Positions));
                break;
            case SyncMessage.Prune:
                _broadcaster.OnPruned();
                break;
            case SyncMessage.Graft graft:
                _broadcaster.OnGrafted();
                Ask(new PeerQuestion.Want(graft.Positions));
                break;
            case SyncMessage.Trace or SyncMessage.Presence or SyncMessage.Ignored:
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

    /// <summary>Takes the answer to <see cref="ISyncEffects.Locate"/>.</summary>
    public void OnLocated(PlaceReport report)
    {
        if (!_isClosed && _talk.Settle(report))
        {
            _sender.Rewind();
        }

        Pump();
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
                _peer.OnDigest();
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
        _talk.AskNext();
        AnswerDigest();

        // What the peer just said may be that it needs something else.
        if (_talk.HasListed && _talk.IsIdle && !_peer.IsWaiting)
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
            _claims.Add(position);
            _broadcaster.OnClaim(position);
            _receiver.OnClaim(position);
        }

        Ask(have.More ? new PeerQuestion.Part(have.Positions) : new PeerQuestion.End(have.Positions));
        CheckClaims();
    }

    /// <summary>Mostly of what was just sent; anything else must be looked for.</summary>
    private void OnAck(IReadOnlyList<Position> positions)
    {
        var unknown = new List<Position>();
        foreach (var position in positions)
        {
            _claims.Add(position);
            if (_peer.TryFind(position, out var branch))
            {
                if (_peer.Claim(position, branch))
                {
                    _sender.Rewind();
                }
            }
            else if (_own.Contains(position.Log))
            {
                unknown.Add(position);
            }
        }

        Ask(new PeerQuestion.Some(unknown));
        CheckClaims();
    }

    private void OnRunsReceived(IReadOnlyList<SignedRun> runs)
    {
        if (!_receiver.TryEnqueue(runs))
        {
            Close(SyncCloseReason.TooMuchUnasked, $"The peer sent more than the {_options.InboxBytesMax} bytes that may wait here.");
        }

        // What it sends it has.
        _claims.AddSent(runs);
        CheckClaims();
    }

    /// <summary>Only what we have can be refused: so a peer can't make us remember more than our own branches.</summary>
    private void OnRefused(SyncRefusal refusal)
    {
        if (!_own.Contains(refusal.At.Log))
        {
            return;
        }

        if (refusal.At.Head == default)
        {
            _peer.RefuseSent(refusal);
        }
        else
        {
            Ask(new PeerQuestion.Refusal(refusal));
        }
    }

    private void Ask(PeerQuestion question)
    {
        if (!_talk.TryAsk(question))
        {
            Close(
                SyncCloseReason.TooMuchUnasked,
                $"The peer spoke of more than {SyncLimits.PlacesWaitingMax} places faster than they can be found.");
        }
    }

    /// <summary>Answers once all is applied that came before the digest, and once there is room for a long answer.</summary>
    private void AnswerDigest()
    {
        if (_digest is not { } theirs || !_receiver.IsIdle || !_talk.IsIdle || _effects.QueuedBytes > _options.QueuedBytesMax)
        {
            return;
        }

        _digest = null;
        var ours = _own.Digest();
        if (theirs == ours)
        {
            _pace.Agree();
            if (!_claims.AreOurs)
            {
                _claims.SetOurs();
                Ask(new PeerQuestion.Some(_own.All));
                _talk.AskNext();
            }
        }
        else if (_pace.Differ(theirs, ours))
        {
            SendHave();
        }
    }

    private void SendHave()
    {
        foreach (var (part, isLast) in _own.Parts(SyncLimits.PositionsMax))
        {
            _effects.Send(new SyncMessage.Have(part, !isLast));
        }
    }

    private void CheckClaims()
    {
        if (_claims.Count > SyncLimits.PeerLogsMax)
        {
            Close(SyncCloseReason.TooManyLogs, $"The peer named more than {SyncLimits.PeerLogsMax} positions.");
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
