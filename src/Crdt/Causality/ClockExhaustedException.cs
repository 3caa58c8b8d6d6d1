namespace Replica.Crdt.Causality;

/// <summary>The hybrid clock stands at its last value: some applied change carried an impossible stamp.</summary>
public sealed class ClockExhaustedException()
    : Exception("The hybrid clock stands at its greatest value, so no later change can be stamped: "
        + "an applied change carried an impossible time. Restore a backup from before it.");
