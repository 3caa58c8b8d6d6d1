using Replica.Peer.Telemetry;

namespace Replica.Peer.Store;

/// <summary>Counts and times the commits of one writer, which alone calls it.</summary>
/// <param name="telemetry">Where it is told; null for nowhere.</param>
/// <param name="time">The clock.</param>
internal sealed class CommitMeter(PeerTelemetry? telemetry, TimeProvider time)
{
    private long _before;
    private long _startedAt;
    private long _local;

    /// <summary>A group begins.</summary>
    /// <param name="stored">The arrival number of the last change stored.</param>
    public void Begin(long stored) =>
        (_before, _local, _startedAt) = (stored, 0, telemetry is { IsCommitTimed: true } ? time.GetTimestamp() : 0);

    /// <summary>The group has a change of this device.</summary>
    public void OnLocal() => _local++;

    /// <summary>The group was committed.</summary>
    /// <param name="stored">The arrival number of the last change stored.</param>
    public void End(long stored)
    {
        if (telemetry is null || stored <= _before)
        {
            return;
        }

        telemetry.OnCommit(_startedAt == 0 ? null : time.GetElapsedTime(_startedAt));
        var local = Math.Min(_local, stored - _before);
        if (local > 0)
        {
            telemetry.OnApplied(local, isLocal: true);
        }

        if (stored - _before > local)
        {
            telemetry.OnApplied(stored - _before - local, isLocal: false);
        }
    }
}
