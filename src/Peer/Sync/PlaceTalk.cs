using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>Takes what the peer says about places of logs, one after the other, once the store has found them.</summary>
/// <remarks>
/// A place on no chain here, though a chain reaches as far, means that the log is forked: both sides then trace their
/// chains, once in a session, and each streams from the newest place that is on both. What comes later builds on that.
/// </remarks>
internal sealed class PlaceTalk(ISyncEffects effects, PeerPositions peer, PeerClaims claims, Broadcaster broadcaster)
{
    private readonly Queue<PeerQuestion> _questions = new();
    private readonly HashSet<LogId> _traced = [];
    private readonly HashSet<LogId> _tracedByPeer = [];
    private Dictionary<BranchId, Position> _listed = [];
    private PeerQuestion? _asked;
    private int _placesWaiting;

    /// <summary>Whether nothing is being looked for.</summary>
    public bool IsIdle => _asked is null && _questions.Count == 0;

    /// <summary>Whether a whole list of the peer's positions was taken.</summary>
    public bool HasListed { get; private set; }

    /// <summary>Queues something that the peer said.</summary>
    /// <returns>False if too much waits.</returns>
    public bool TryAsk(PeerQuestion question)
    {
        if (question.Places.Count > 0 || question is PeerQuestion.End)
        {
            _placesWaiting += question.Places.Count;
            _questions.Enqueue(question);
        }

        return _placesWaiting <= SyncLimits.PlacesWaitingMax && _questions.Count <= SyncLimits.QuestionsMax;
    }

    /// <summary>Has the next one looked for if none is under way.</summary>
    public void AskNext()
    {
        if (_asked is not null || !_questions.TryDequeue(out _asked))
        {
            return;
        }

        _placesWaiting -= _asked.Places.Count;
        if (_asked is PeerQuestion.Trace trace)
        {
            // What it said before counts as well, once it is clear that it is not simply ahead.
            effects.Locate(new([.. trace.Places, .. claims.Of(trace.Log).Where(static claim => claim.Head != default)], trace.Log));
        }
        else
        {
            effects.Locate(new(_asked.Places, null));
        }
    }

    /// <summary>Takes what was found.</summary>
    /// <param name="report">The answer of the store.</param>
    /// <returns>Whether something from before must be sent again.</returns>
    public bool Settle(PlaceReport report)
    {
        var question = _asked!;
        _asked = null;
        switch (question)
        {
            case PeerQuestion.Some:
                return Claim(report);
            case PeerQuestion.Part:
                return Claim(report, _listed);
            case PeerQuestion.End:
                return EndList(report);
            case PeerQuestion.Want want:
                foreach (var log in want.Places.Select(static place => place.Log).Distinct())
                {
                    peer.Reset(log);
                }

                _ = Claim(report);
                broadcaster.OnServe();
                return true;
            case PeerQuestion.Trace trace:
                if (_tracedByPeer.Add(trace.Log))
                {
                    peer.Reset(trace.Log);
                }

                _ = Claim(report);
                peer.EndWait(trace.Log);
                return true;
            case PeerQuestion.Refusal { Refused: var refused }:
                if (report.Found[0] is { Branch: { } branch } found)
                {
                    // A change that is not here stands between nobody. Should it come here and be sent, the peer says so again.
                    if (!found.IsAhead)
                    {
                        peer.Refuse(branch, refused);
                    }
                }
                else
                {
                    peer.RefuseSent(refused);
                }

                return false;
            default:
                throw new UnreachableException($"No case for {question}.");
        }
    }

    private bool EndList(PlaceReport report)
    {
        var isSettled = Claim(report, _listed);
        var isStale = HasListed && peer.EndList(_listed);
        HasListed = true;
        _listed = [];
        broadcaster.OnListed();
        return isStale || isSettled;
    }

    /// <summary>Whether the log is known to be forked. Then a place beyond our only chain may as well be on another one.</summary>
    private bool IsForked(LogId log, PlaceReport report) =>
        _traced.Contains(log) || _tracedByPeer.Contains(log) || report.Traces.ContainsKey(log);

    /// <summary>Takes what was found; traces our chains of logs that turn out to be forked.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="furthest">Gets the furthest place of each branch.</param>
    /// <returns>Whether a hold is settled by it.</returns>
    private bool Claim(PlaceReport report, Dictionary<BranchId, Position>? furthest = null)
    {
        var isSettled = false;
        foreach (var found in report.Found)
        {
            var place = found.Place;
            if (found.Branch is not { } branch || (found.IsAhead && IsForked(place.Log, report)))
            {
                broadcaster.OnApart(place.Log);
                continue;
            }

            isSettled |= peer.Claim(place, branch);
            if (furthest is not null && (!furthest.TryGetValue(branch, out var before) || before.Seq < place.Seq))
            {
                furthest[branch] = place;
            }
        }

        foreach (var (log, traces) in report.Traces)
        {
            if (!_tracedByPeer.Contains(log))
            {
                peer.Wait(log);
            }

            if (_traced.Add(log))
            {
                foreach (var places in traces)
                {
                    effects.Send(new SyncMessage.Trace(log, places));
                }
            }
        }

        return isSettled;
    }
}
