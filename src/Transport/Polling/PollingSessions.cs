using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport.Polling;

/// <summary>The polling sessions of a relay. Any thread may call.</summary>
/// <param name="sessionsMax">The most at once.</param>
/// <param name="perSourceMax">The most at once of one source.</param>
/// <param name="time">The clock.</param>
public sealed class PollingSessions(int sessionsMax, int perSourceMax, TimeProvider time)
{
    // Looking at all of them costs something: not at every opening.
    private const int BurialInterval = 64;
    private static readonly TimeSpan BurialPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PollingSession> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _serving = [];
    private readonly Dictionary<string, int> _bySource = new(StringComparer.Ordinal);
    private uint _opened;
    private long? _buriedAt;

    /// <summary>Opens one; those that died of silence make room.</summary>
    /// <param name="source">Whom it counts for.</param>
    /// <param name="session">The session.</param>
    /// <returns>False when there are too many.</returns>
    public bool TryOpen(string source, [NotNullWhen(true)] out PollingSession? session)
    {
        lock (_gate)
        {
            if ((!HasRoom(source) && MayBury()) || unchecked(++_opened) % BurialInterval == 0)
            {
                BuryDead();
            }

            session = HasRoom(source) ? new PollingSession(source, time) : null;
            if (session is not null)
            {
                _sessions.Add(session.Id, session);
                _bySource[source] = _bySource.GetValueOrDefault(source) + 1;
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

    private bool HasRoom(string source) => _sessions.Count < sessionsMax && _bySource.GetValueOrDefault(source) < perSourceMax;

    /// <summary>Whether the last burial is long ago: who opens more than there is room for causes no more of them.</summary>
    private bool MayBury() => _buriedAt is not { } at || time.GetElapsedTime(at) >= BurialPause;

    private void BuryDead()
    {
        _buriedAt = time.GetTimestamp();
        foreach (var dead in _sessions.Values.Where(static session => session.IsDead).ToArray())
        {
            dead.Abort();
            _ = _sessions.Remove(dead.Id);
            if (--_bySource[dead.Source] == 0)
            {
                _ = _bySource.Remove(dead.Source);
            }
        }
    }
}
