using Microsoft.Extensions.Logging;
using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>Takes what tasks and timers of a session throw: nothing goes on by halves, nothing fails unheard. Any thread may call.</summary>
internal sealed class SessionGuard(PeerSession session, ILogger log)
{
    /// <summary>Ends the session for a fault of our own and tells the operator.</summary>
    public void Fail(Exception fault)
    {
        PeerLog.SessionFailed(log, fault, session.Address, fault.GetType().Name, fault.Message);
        session.EndNow(GoAwayReason.Fault, "a fault of this program");
    }

    /// <summary>Says why the session ends, if there is room to. Under the session's lock.</summary>
    public void Tell(GoAwayReason reason)
    {
        try
        {
            // A stranger learns the number alone.
            session.Channels.SendControl(new ControlMessage.GoAway(reason, ""));
        }
        catch (ChannelException)
        {
            // Who took in nothing of what was said before will not hear this either.
        }
    }

    /// <summary>Awaits a task of the session; a fault that nobody foresaw ends the session instead of the task alone.</summary>
    public async Task WatchAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The channel is over, or the session.
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    /// <summary>Does something under the session's lock for one who can't take its faults, such as a timer: those end the process.</summary>
    public void Try(Action act)
    {
        try
        {
            lock (session.Gate)
            {
                if (session.IsOver)
                {
                    return;
                }

                act();
            }
        }
        catch (ChannelException fault)
        {
            session.EndNow(GoAwayReason.Stalled, fault.Message);
        }
        catch (Exception fault)
        {
            Fail(fault);
        }

        session.SignalOutgoing();
    }
}
