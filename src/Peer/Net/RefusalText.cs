using System.Globalization;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>Why changes are not taken, as people read it.</summary>
internal static class RefusalText
{
    /// <summary>The reason, what is known beside it, and when it is tried again.</summary>
    public static string Of(SyncRefusal refusal)
    {
        var reason = refusal.Reason switch
        {
            RunVerdict.ClockAhead => "held: its clock is ahead (REPLICA_CLOCK_AHEAD)",
            RunVerdict.NewerVersion => "held: it needs a newer version of Replica (REPLICA_NEWER_VERSION)",
            RunVerdict.DependencyMissing => "held: something that it builds on is missing (REPLICA_DEPENDENCY_MISSING)",
            RunVerdict.Invalid => "rejected: it breaks the format (REPLICA_CHANGE_INVALID)",
            RunVerdict.NotAWriter => "rejected: its author may not write (REPLICA_NOT_A_WRITER)",
            RunVerdict.BadAdmission => "rejected: it lets a device in under no valid invitation (REPLICA_BAD_ADMISSION)",
            RunVerdict.Gap => "changes before it are missing",
            var other => other.ToString(),
        };
        var detail = refusal.Detail.Length > 0 ? $" ({refusal.Detail})" : "";
        return refusal.Until is { } until && until <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? $"{reason}{detail}, until {DateTimeOffset.FromUnixTimeMilliseconds(until).ToString("u", CultureInfo.InvariantCulture)}"
            : reason + detail;
    }
}
