using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>Looks after a session: ends one without a purpose or without life, and opens again what both sides had yielded.</summary>
internal sealed class SessionKeeper(PeerSession session, SessionPulse pulse)
{
    /// <summary>The number of a ping that asks for a sign of life; those at intervals have 0.</summary>
    public const ulong ProbeNumber = 1;

    /// <summary>A timer may be a moment early.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<NetSpace> _openLater = [];

    /// <summary>Remembers a space to be opened. Under the session's lock.</summary>
    public void OpenLater(NetSpace space) => _ = _openLater.Add(space);

    /// <summary>Asks for a sign of life that must come soon.</summary>
    public void Probe() => session.Guard.Try(() =>
    {
        pulse.Probe();
        session.Channels.SendControl(new ControlMessage.Ping(ProbeNumber));
        session.Tasks.Add(session.Guard.WatchAsync(LookInTimeAsync()));
    });

    /// <summary>Looks; called at intervals.</summary>
    public void Look() => session.Guard.Try(() =>
    {
        if (!session.WasAdmitted && pulse.IsAdmissionOverdue)
        {
            session.End(GoAwayReason.Idle, "no space was opened: the peer is not in a space of this home, and holds no ticket to one");
        }

        foreach (var space in _openLater)
        {
            session.Open(space);
        }

        _openLater.Clear();
        if (pulse.IsDead)
        {
            session.EndNow(GoAwayReason.Stalled, "nothing was heard or taken for too long");
        }
        else if (pulse.IsQuiet)
        {
            session.Channels.SendControl(new ControlMessage.Ping(0));
        }
    });

    private async Task LookInTimeAsync()
    {
        await Task.Delay(SessionPulse.ProbeLimit + Slack, session.Time, session.Ended);
        Look();
    }
}
