using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport.Polling;

/// <summary>The polling sessions of a relay. Any thread may call.</summary>
/// <param name="sessionsMax">The most at once.</param>
/// <param name="time">The clock.</param>
public sealed class PollingSessions(int sessionsMax, TimeProvider time)
{
    // Looking at all of them costs something: not at every opening.
    private const int BurialInterval = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PollingSession> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _serving = [];
    private uint _opened;

    /// <summary>Opens one; those that died of silence make room.</summary>
    /// <returns>False when there are too many.</returns>
    public bool TryOpen([NotNullWhen(true)] out PollingSession? session)
    {
        lock (_gate)
        {
            if (_sessions.Count >= sessionsMax || unchecked(++_opened) % BurialInterval == 0)
            {
                BuryDead();
            }

            session = _sessions.Count < sessionsMax ? new PollingSession(time) : null;
            if (session is not null)
            {
                _sessions.Add(session.Id, session);
            }

            return session is not null;
        }
    }

    /// <summary>Keeps what serves a session, until it has ended.</summary>
    public void Keep(Task serving)
    {
        lock (_gate)
        {
            if (_serving.Count % BurialInterval == 0)
            {
                _ = _serving.RemoveWhere(static done => done.IsCompleted);
            }

            _ = _serving.Add(serving);
        }
    }

    /// <summary>Finds one by its name.</summary>
    public bool TryFind(string? id, [NotNullWhen(true)] out PollingSession? session)
    {
        lock (_gate)
        {
            session = id is not null && _sessions.TryGetValue(id, out var found) && !found.IsDead ? found : null;
            return session is not null;
        }
    }

    private void BuryDead()
    {
        foreach (var dead in _sessions.Values.Where(static session => session.IsDead).ToArray())
        {
            dead.Abort();
            _ = _sessions.Remove(dead.Id);
        }
    }
}
