using Replica.Peer.Telemetry;

namespace Replica.Peer.Net;

/// <summary>Knows how long a session has been quiet, stuck or without a purpose. Any thread may call.</summary>
/// <param name="time">The clock.</param>
/// <param name="telemetry">Where bytes are counted; null for nowhere.</param>
internal sealed class SessionPulse(TimeProvider time, PeerTelemetry? telemetry)
{
    /// <summary>How often somebody looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>How soon a sign of life must come that was asked for because the session may be dead.</summary>
    public static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan AdmissionLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);

    private readonly long _startedAt = time.GetTimestamp();
    private long _heardAt = time.GetTimestamp();
    private long _writeStartedAt;
    private long _probedAt;

    /// <summary>Whether a space should have been opened by now.</summary>
    public bool IsAdmissionOverdue => time.GetElapsedTime(_startedAt) > AdmissionLimit;

    /// <summary>Whether it is time to ask for a sign of life.</summary>
    public bool IsQuiet => time.GetElapsedTime(Volatile.Read(ref _heardAt)) > PingAfter;

    /// <summary>Whether the other side says nothing, or takes nothing, for too long.</summary>
    public bool IsDead
    {
        get
        {
            var writing = Volatile.Read(ref _writeStartedAt);
            var probed = Volatile.Read(ref _probedAt);
            return (probed > Volatile.Read(ref _heardAt) && time.GetElapsedTime(probed) >= ProbeLimit)
                || time.GetElapsedTime(Volatile.Read(ref _heardAt)) > SilenceLimit
                || (writing != 0 && time.GetElapsedTime(writing) > SilenceLimit);
        }
    }

    /// <summary>When something was heard last, by the wall clock.</summary>
    public DateTimeOffset LastHeard => time.GetUtcNow() - time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Milliseconds since the session began.</summary>
    public long Milliseconds => (long)time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>Something was heard.</summary>
    public void Heard(int bytes)
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        telemetry?.OnReceived(bytes);
    }

    /// <summary>A sign of life is asked for that must come soon.</summary>
    public void Probe()
    {
        // Who is asked again before it answered gets no more time by that.
        if (Volatile.Read(ref _probedAt) <= Volatile.Read(ref _heardAt))
        {
            Volatile.Write(ref _probedAt, time.GetTimestamp());
        }
    }

    /// <summary>A write begins.</summary>
    public void WriteStarted(int bytes)
    {
        Volatile.Write(ref _writeStartedAt, time.GetTimestamp());
        telemetry?.OnSent(bytes);
    }

    /// <summary>The write was taken.</summary>
    public void WriteEnded() => Volatile.Write(ref _writeStartedAt, 0);
}
