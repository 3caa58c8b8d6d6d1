using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>One session's side of the broadcast: when its changes are pushed and when only announced, and when it asks for more.</summary>
/// <param name="effects">The world.</param>
/// <param name="options">The paces.</param>
/// <param name="own">What is here.</param>
/// <param name="sender">What pushes.</param>
/// <param name="tree">The tree that all sessions of the space share; nothing if the peer does not take part: then all is pushed.</param>
internal sealed class Broadcaster(ISyncEffects effects, SyncOptions options, OwnPositions own, RunSender sender, BroadcastTree? tree)
{
    private readonly Dictionary<LogId, ulong> _told = [];
    private readonly HashSet<Position> _toldTips = [];
    private readonly HashSet<LogId> _news = [];
    private readonly Dictionary<LogId, Lack> _lacks = [];
    private BroadcastLink? _link;
    private bool _isAnnouncing;
    private bool _isWaiting;
    private long _prunedAt;

    /// <summary>Whether changes are pushed over the session; else they are announced.</summary>
    public bool IsEager => !sender.IsLazy;

    /// <summary>Begins, before anything is said.</summary>
    public void Start()
    {
        if (tree is null)
        {
            return;
        }

        _link = tree.Join(effects.UnixMilliseconds);
        foreach (var position in own.All)
        {
            OnTold(position);
        }

        PruneIfFed();
    }

    /// <summary>The session has ended.</summary>
    public void End()
    {
        if (_link is { } link)
        {
            tree!.Leave(link);
            _link = null;
        }
    }

    /// <summary>Takes that logs are longer here: the peer is told, at once by a push or soon by an announcement.</summary>
    public void OnGrown(IReadOnlyList<Position> grown)
    {
        if (_link is null)
        {
            return;
        }

        foreach (var position in grown)
        {
            _ = _news.Add(position.Log);
            Settle(position.Log);
        }

        if (!_isAnnouncing && _news.Count > 0)
        {
            _isAnnouncing = true;
            effects.StartTimer(SyncTimer.Announce, options.AnnounceAfter);
        }

        Report();
    }

    /// <summary>Takes that the peer was told how far a log reaches here, by runs or an answer to runs.</summary>
    public void OnTold(Position reached)
    {
        if (_link is null)
        {
            return;
        }

        if (own.IsForked(reached.Log))
        {
            // Of several branches the numbers alone tell nothing. Only ends are kept, so there are no more than these.
            if (own.IsTip(reached) && _toldTips.Add(reached) && _toldTips.Count > 2 * own.All.Count)
            {
                _ = _toldTips.RemoveWhere(told => !own.IsTip(told));
            }
        }
        else if (_told.GetValueOrDefault(reached.Log) < reached.Seq)
        {
            _told[reached.Log] = reached.Seq;
        }
    }

    /// <summary>Takes that the peer has a branch of a log that is not here. Settled by whatever comes of that log.</summary>
    public void OnApart(LogId log)
    {
        if (_link is not null && own.Contains(log))
        {
            _ = _lacks.TryAdd(log, new(0, 0, effects.UnixMilliseconds));
            Report();
            Wait();
        }
    }

    /// <summary>Takes that the peer asked for logs: also where nothing is pushed it gets them.</summary>
    public void OnServe() => sender.Serve();

    /// <summary>Takes that the peer has a place. What is not here should come from somebody, or will be asked for.</summary>
    public void OnClaim(Position position)
    {
        if (_link is null || own.Reach(position.Log) >= position.Seq)
        {
            return;
        }

        _lacks[position.Log] = _lacks.TryGetValue(position.Log, out var lack)
            ? lack with { Latest = Math.Max(lack.Latest, position.Seq) }
            : new(position.Seq, position.Seq, effects.UnixMilliseconds);
        Report();
        Wait();
    }

    /// <summary>Takes that a list of the peer's positions has ended.</summary>
    public void OnListed()
    {
        if (_link is not null && IsEager && _lacks.Count > 0)
        {
            PruneIfFed();
        }
    }

    /// <summary>Takes that the peer gets its changes from others.</summary>
    public void OnPruned()
    {
        if (_link is not null)
        {
            BeLazy();
        }
    }

    /// <summary>Takes that the peer wants changes pushed again.</summary>
    public void OnGrafted() => BeEager();

    /// <summary>Takes what became of a batch of runs that the peer sent.</summary>
    public void OnApplied(IReadOnlyList<SignedRun> runs, IReadOnlyList<RunResult> results)
    {
        if (_link is not { } link)
        {
            return;
        }

        var isRedundant = false;
        for (var i = 0; i < Math.Min(runs.Count, results.Count); i++)
        {
            if (results[i].Verdict == RunVerdict.Applied)
            {
                tree!.Deliver(link, runs[i].Log, runs[i].BaseSeq + 1, runs[i].LastSeq, effects.UnixMilliseconds);
            }
            else if (results[i].Verdict == RunVerdict.Known)
            {
                isRedundant |= tree!.IsRedundant(link, runs[i].Log, runs[i].LastSeq);
            }

            // Whoever answers a run says with it how far its log reaches here.
            foreach (var tip in own.IsForked(runs[i].Log) ? [results[i].At] : own.TipsOf(runs[i].Log))
            {
                OnTold(tip);
            }
        }

        // Prune and graft may have passed each other: who goes on pushing is told again, not for each run under way.
        if (isRedundant && (IsEager || effects.UnixMilliseconds - _prunedAt >= options.GraftAfter.TotalMilliseconds))
        {
            Prune();
        }
    }

    /// <summary>Announces what grew and was not told.</summary>
    public void OnAnnounce()
    {
        if (IsEager && !sender.IsAtEnd)
        {
            // What is still to be pushed is told by that.
            effects.StartTimer(SyncTimer.Announce, options.AnnounceAfter);
            return;
        }

        _isAnnouncing = false;
        foreach (var part in _news.SelectMany(own.TipsOf).Where(IsUntold).Order().Chunk(SyncLimits.PositionsMax))
        {
            foreach (var position in part)
            {
                OnTold(position);
            }

            effects.Send(new SyncMessage.Have(part, More: true));
        }

        _news.Clear();
    }

    /// <summary>Asks for what the peer has and nobody brought.</summary>
    public void OnOverdue(Func<LogId, bool> isRefused)
    {
        _isWaiting = false;
        if (_link is not { } link)
        {
            return;
        }

        foreach (var log in _lacks.Keys.Where(isRefused).ToArray())
        {
            _ = _lacks.Remove(log);
        }

        var now = effects.UnixMilliseconds;
        if (!IsEager && _lacks.Count > 0 && Oldest() is var since && DelayUntilOverdue(since, now) == 0 && tree!.MayGraft(link, since, now))
        {
            foreach (var part in _lacks.Keys.SelectMany(own.From).Order().Chunk(SyncLimits.PositionsMax))
            {
                effects.Send(new SyncMessage.Graft(part));
            }

            BeEager();
        }

        Report();
        Wait();
    }

    private bool IsUntold(Position position) => own.IsForked(position.Log)
        ? !_toldTips.Contains(position)
        : _told.GetValueOrDefault(position.Log) < position.Seq;

    private void Settle(LogId log)
    {
        if (!_lacks.TryGetValue(log, out var lack) || own.Reach(log) < lack.Seq)
        {
            return;
        }

        if (own.Reach(log) >= lack.Latest)
        {
            _ = _lacks.Remove(log);
        }
        else
        {
            _lacks[log] = new(lack.Latest, lack.Latest, effects.UnixMilliseconds);
        }
    }

    private void PruneIfFed()
    {
        if (tree!.IsFed(_link!, effects.UnixMilliseconds))
        {
            Prune();
        }
    }

    private void Prune()
    {
        _prunedAt = effects.UnixMilliseconds;
        effects.Send(new SyncMessage.Prune());
        BeLazy();
    }

    private void BeLazy()
    {
        sender.IsLazy = true;
        Report();
        OnGrown(own.All.Where(IsUntold).ToArray());
        Wait();
    }

    private void BeEager()
    {
        sender.IsLazy = false;
        Report();
    }

    private void Wait()
    {
        if (!_isWaiting && !IsEager && _lacks.Count > 0)
        {
            _isWaiting = true;
            var delay = DelayUntilOverdue(Oldest(), effects.UnixMilliseconds);
            effects.StartTimer(SyncTimer.Graft, delay > 0 ? TimeSpan.FromMilliseconds(delay) : options.GraftAfter);
        }
    }

    private long Oldest() => _lacks.Values.Min(static lack => lack.Since);

    private double DelayUntilOverdue(long since, long now) =>
        now < since ? 0 : Math.Max(0, options.GraftAfter.TotalMilliseconds - (now - since));

    private void Report()
    {
        if (_link is { } link)
        {
            tree!.Update(link, IsEager, _lacks.Count > 0);
        }
    }

    /// <summary>Something that the peer has and that is not here.</summary>
    /// <param name="Seq">The change that is waited for.</param>
    /// <param name="Latest">The last that was heard of.</param>
    /// <param name="Since">Since when, Unix milliseconds.</param>
    private readonly record struct Lack(ulong Seq, ulong Latest, long Since);
}
