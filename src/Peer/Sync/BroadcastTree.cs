using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>
/// Over which of its sessions a replica of one space pushes changes, and over which it only announces them, so that the pushes of
/// all replicas together form about a tree. Shared by the sessions of a space; any thread may call. No clock: times are arguments.
/// </summary>
/// <remarks>
/// Source: [Plumtree] section 3.3. Differs: an announcement is a list of positions, of which the last stands for all before it,
/// so that none is kept; a message is a stretch of a log; who lacks much at once is fed by one neighbour as long as that one
/// delivers; no tree is made better by counting hops.
/// </remarks>
/// <param name="options">The paces.</param>
internal sealed class BroadcastTree(SyncOptions options)
{
    /// <summary>Of how many logs it is remembered who brought their last changes; at the limit all are forgotten.</summary>
    private const int DeliveriesMax = 4096;

    private readonly Lock _gate = new();
    private readonly HashSet<BroadcastLink> _links = [];
    private readonly Dictionary<LogId, (BroadcastLink Link, ulong First, ulong Last)> _deliveries = [];
    private long? _graftedAt;

    /// <summary>Takes a session in; changes are pushed over it until one of the two finds that it gets them from another.</summary>
    public BroadcastLink Join(long nowMilliseconds)
    {
        lock (_gate)
        {
            var link = new BroadcastLink { FedAt = nowMilliseconds };
            _ = _links.Add(link);
            return link;
        }
    }

    /// <summary>Forgets a session that has ended.</summary>
    public void Leave(BroadcastLink link)
    {
        lock (_gate)
        {
            _ = _links.Remove(link);
        }
    }

    /// <summary>Takes what became of a session.</summary>
    /// <param name="link">The session.</param>
    /// <param name="isEager">Whether changes are pushed over it.</param>
    /// <param name="hasLacks">Whether the peer has something that is not here.</param>
    public void Update(BroadcastLink link, bool isEager, bool hasLacks)
    {
        lock (_gate)
        {
            link.IsEager = isEager;
            link.HasLacks = hasLacks;
        }
    }

    /// <summary>Takes that a session brought something new.</summary>
    /// <param name="link">The session.</param>
    /// <param name="log">Of which log.</param>
    /// <param name="first">The number of the first change.</param>
    /// <param name="last">The number of the last.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public void Deliver(BroadcastLink link, LogId log, ulong first, ulong last, long nowMilliseconds)
    {
        lock (_gate)
        {
            link.FedAt = nowMilliseconds;
            if (_deliveries.Count >= DeliveriesMax && !_deliveries.ContainsKey(log))
            {
                _deliveries.Clear();
            }

            var goesOn = _deliveries.TryGetValue(log, out var before) && before.Link == link && first == before.Last + 1;
            _deliveries[log] = (link, goesOn ? before.First : first, last);
        }
    }

    /// <summary>Whether a change that came twice came first over another session that goes on bringing such changes.</summary>
    public bool IsRedundant(BroadcastLink link, LogId log, ulong seq)
    {
        lock (_gate)
        {
            return _deliveries.TryGetValue(log, out var first) && first.Link != link && first.First <= seq && seq <= first.Last
                && first.Link.IsEager && _links.Contains(first.Link);
        }
    }

    /// <summary>Whether another session is bringing what this replica lacks: two would bring the same.</summary>
    public bool IsFed(BroadcastLink link, long nowMilliseconds)
    {
        lock (_gate)
        {
            return _links.Any(other => other != link && other.IsEager && other.HasLacks && IsRecent(other.FedAt, nowMilliseconds));
        }
    }

    /// <summary>
    /// Whether a session over which changes are only announced may ask for what was announced and did not come. At most one a while:
    /// mostly one neighbour is enough.
    /// </summary>
    /// <param name="link">The session.</param>
    /// <param name="sinceMilliseconds">Since when it is overdue.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public bool MayGraft(BroadcastLink link, long sinceMilliseconds, long nowMilliseconds)
    {
        lock (_gate)
        {
            var isAlone = !_links.Any(other => other != link && other.IsEager);
            var isAsked = _graftedAt is { } last && IsRecent(last, nowMilliseconds);
            var isPatient = Elapsed(sinceMilliseconds, nowMilliseconds) < options.GraftPatience.TotalMilliseconds;
            var isFed = _links.Any(other => other != link && other.IsEager && other.HasLacks && IsRecent(other.FedAt, nowMilliseconds));
            if (!isAlone && (isAsked || (isPatient && isFed)))
            {
                return false;
            }

            _graftedAt = nowMilliseconds;
            return true;
        }
    }

    private bool IsRecent(long then, long now) => Elapsed(then, now) < options.GraftAfter.TotalMilliseconds;

    /// <summary>A clock that was set back must not stop anything: all that lies ahead of it is long past.</summary>
    private static long Elapsed(long then, long now) => now >= then ? now - then : long.MaxValue;
}
