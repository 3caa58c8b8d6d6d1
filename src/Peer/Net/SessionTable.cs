namespace Replica.Peer.Net;

/// <summary>The sessions of a process. Any thread may call.</summary>
/// <typeparam name="T">The product's sessions, or those of a simulated peer.</typeparam>
/// <param name="doLater">Does something when this thread has let go of its locks.</param>
internal sealed class SessionTable<T>(Action<Action> doLater)
    where T : class, IDeviceSession
{
    private readonly Lock _gate = new();
    private readonly List<T> _sessions = [];
    private readonly HashSet<T> _onTrial = [];

    /// <summary>All of them, in order of their beginnings.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions];
            }
        }
    }

    /// <summary>A session begins.</summary>
    public void Add(T session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
        }
    }

    /// <summary>A session is over: those that were kept waiting for its sake may stay now.</summary>
    public void Remove(T session)
    {
        List<T> waiting;
        lock (_gate)
        {
            _ = _sessions.Remove(session);
            _ = _onTrial.Remove(session);
            waiting = TakeOnTrial(session);
        }

        waiting.ForEach(one => doLater(one.OnRivalGone));
    }

    /// <summary>The other end of a session that was probed has answered: those that were kept waiting for its sake end.</summary>
    public void OnAnswered(T session)
    {
        List<T> waiting;
        lock (_gate)
        {
            waiting = TakeOnTrial(session, atLeast: session.Rank);
        }

        waiting.ForEach(one => doLater(one.EndAsDuplicate));
    }

    /// <summary>Of the sessions between the same two processes one stays; both sides choose alike.</summary>
    /// <param name="session">One whose other end has just said who it is.</param>
    /// <returns>
    /// Whether it stays; those that it replaces are ended. If not it is on trial: it ends when the better one gives a sign of life,
    /// and is told when that one is gone.
    /// </returns>
    public bool TryKeep(T session)
    {
        // Direct and relayed dials of both sides may all succeed at once: there can be more than two.
        List<T> twins;
        T? best;
        lock (_gate)
        {
            twins = _sessions.FindAll(other => IsTwin(other, session));
            best = twins.MinBy(static twin => twin.Rank);
            if (best is not null && best.Rank.CompareTo(session.Rank) < 0)
            {
                // One that is over by now waits for nothing.
                _ = _sessions.Contains(session) && _onTrial.Add(session);
            }
            else
            {
                best = null;
            }
        }

        if (best is not null)
        {
            // The other side may know better that the old one is dead: then this session is the only way there is.
            doLater(best.Probe);
            return false;
        }

        // Whoever asks holds its own session's lock, and the others may be asking at this moment.
        twins.ForEach(twin => doLater(twin.EndAsDuplicate));
        return true;
    }

    private static bool IsTwin(T one, T other) => one != other && one.Device == other.Device
        && one.RemoteInstance is { } instance && instance == other.RemoteInstance;

    private List<T> TakeOnTrial(T rival, SessionRank? atLeast = null)
    {
        var taken = _onTrial.Where(one => IsTwin(one, rival) && (atLeast is not { } rank || one.Rank.CompareTo(rank) > 0)).ToList();
        _onTrial.ExceptWith(taken);
        return taken;
    }
}
