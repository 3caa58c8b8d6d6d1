namespace Replica.Peer.Net;

/// <summary>The sessions of a process. Any thread may call.</summary>
/// <typeparam name="T">The product's sessions, or those of a simulated peer.</typeparam>
/// <param name="doLater">Does something when this thread has let go of its locks.</param>
internal sealed class SessionTable<T>(Action<Action> doLater)
    where T : class, IDeviceSession
{
    private readonly Lock _gate = new();
    private readonly List<T> _sessions = [];

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

    /// <summary>A session is over.</summary>
    public void Remove(T session)
    {
        lock (_gate)
        {
            _ = _sessions.Remove(session);
        }
    }

    /// <summary>Of the sessions between the same two processes one stays; both sides choose alike.</summary>
    /// <param name="session">One whose other end has just said who it is.</param>
    /// <returns>Whether it may stay; those that it replaces are ended.</returns>
    public bool TryKeep(T session)
    {
        // Direct and relayed dials of both sides may all succeed at once: there can be more than two.
        List<T> twins;
        lock (_gate)
        {
            twins = _sessions.FindAll(other => other != session && other.Device == session.Device
                && other.RemoteInstance is { } instance && instance == session.RemoteInstance);
        }

        if (twins.MinBy(static twin => twin.Rank) is { } best && best.Rank.CompareTo(session.Rank) < 0)
        {
            // The other side may know better that the old one is dead: if it is, this finds out, and the next dial is kept.
            doLater(best.Probe);
            return false;
        }

        // Whoever asks holds its own session's lock, and the others may be asking at this moment.
        twins.ForEach(twin => doLater(twin.EndAsDuplicate));
        return true;
    }
}
