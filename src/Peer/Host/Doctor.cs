using Replica.Peer.Net;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>Judges what was found around a home: each finding has a stable code, a sentence and a remedy.</summary>
public static class Doctor
{
    /// <summary>Less room on the disk than this is a problem, in bytes.</summary>
    public const long DiskFreeBytesMin = 256L * 1024 * 1024;

    /// <summary>A clock that is further off than this is told.</summary>
    public static readonly TimeSpan ClockOffMax = TimeSpan.FromMinutes(1);

    private const string Note = "note";
    private const string Warning = "warning";
    private const string Problem = "problem";

    /// <summary>Everything that is worth a word, worst first.</summary>
    public static IReadOnlyList<DoctorFinding> Examine(DoctorReport report) =>
    [
        .. OfHome(report).Concat(report.IsDaemon ? OfNetwork(report) : []).OrderByDescending(static one => one.Severity switch
        {
            Problem => 2,
            Warning => 1,
            _ => 0,
        }),
    ];

    private static IEnumerable<DoctorFinding> OfHome(DoctorReport report)
    {
        if (!report.IsDaemon)
        {
            yield return new("REPLICA_NO_DAEMON", Note, "No daemon runs on this home, so the network was not looked at.",
                "Start 'replica run', then ask again.");
        }

        if (report.DiskFreeBytes < DiskFreeBytesMin)
        {
            yield return new("REPLICA_DISK_LOW", Problem, $"{report.DiskFreeBytes / (1024 * 1024)} MiB are left on the disk of the home.",
                "Make room: a full disk stops writing and syncing, and loses nothing that was confirmed.");
        }

        foreach (var space in report.Status.Spaces)
        {
            if (space.IsJoinPending)
            {
                yield return new("REPLICA_JOIN_PENDING", space.JoinFailure is null ? Note : Warning,
                    $"The ticket of the space '{space.Name}' waits for a member"
                    + (space.JoinFailure is { } failure ? $"; the last one said: {failure}" : "."),
                    "See that a member runs and can be reached: on the same network, through the same relay, or by --connect.");
            }

            if (space.Durability == Durability.Relaxed)
            {
                yield return new("REPLICA_DURABILITY_RELAXED", Note,
                    $"The space '{space.Name}' confirms writes before they are on disk.",
                    "Leave it so if the last moments before a power cut may be lost; else 'run --durability full'.");
            }

            foreach (var notice in space.Notices)
            {
                yield return new("REPLICA_LOG_NOTICE", Warning, $"In the space '{space.Name}': {notice}", "Look at 'replica status', which names the log.");
            }
        }
    }

    private static IEnumerable<DoctorFinding> OfNetwork(DoctorReport report)
    {
        if (report.Status.IsPaused)
        {
            yield return new("REPLICA_NETWORK_PAUSED", Problem, "All connections are paused.", "Give 'replica resume'.");
        }

        if (report.Interfaces.Count == 0)
        {
            yield return new("REPLICA_NO_INTERFACE", Problem, "No network interface is up.", "Connect this device to a network.");
        }

        if (report.Status.Listening.Count == 0)
        {
            yield return new("REPLICA_NOT_LISTENING", Note, "This device accepts nobody; it can only dial.",
                "Give 'run --listen tcp://0.0.0.0:PORT', or 'run --relay wss://HOST' to be reachable everywhere.");
        }

        if (!report.IsLanOn)
        {
            yield return new("REPLICA_LAN_OFF", Note, "Peers are not looked for on the local network.",
                "Run without --no-lan, and listen at an address that others can reach, if they should be.");
        }
        else if (report.LanPacketsHeard == 0 && report.Interfaces.Count > 0)
        {
            yield return new("REPLICA_MULTICAST_BLOCKED", Problem,
                "Not even this device's own announcements are heard on the local network.",
                "Let UDP port 5353 to 224.0.0.251 through the firewall, or use --connect or --relay.");
        }

        foreach (var one in report.Sightings.Where(static one => !one.IsKnown))
        {
            yield return new("REPLICA_LAN_STRANGER", Note, $"At {one.Address} somebody runs Replica who shares no space with this home.",
                "Nothing, unless it is a device of yours: then let it join with a ticket.");
        }

        foreach (var relay in report.Relays)
        {
            if (!relay.IsConnected)
            {
                yield return new("REPLICA_RELAY_UNREACHABLE", Problem,
                    $"There is no connection to the relay {relay.Relay}: {relay.Problem ?? "it has not answered yet."}",
                    $"See that it runs and lets this device in, whose routing key there is {relay.RoutingKey}.");
            }
            else if (relay.ClockAhead.Duration() > ClockOffMax)
            {
                yield return new("REPLICA_CLOCK_DIFFERS", Warning,
                    $"The clock of the relay {relay.Relay} is {relay.ClockAhead.TotalSeconds:0} s ahead of this one's.",
                    "Set the clock of whichever is wrong: changes from the future are held back by others.");
            }
        }

        foreach (var finding in report.Status.Peers.SelectMany(OfPeer))
        {
            yield return finding;
        }
    }

    private static IEnumerable<DoctorFinding> OfPeer(PeerStatus peer)
    {
        if (peer.State != "connected" && peer.Detail.Length > 0)
        {
            yield return new("REPLICA_PEER_UNREACHABLE", Warning, $"{peer.Address} was heard of and is not connected: {peer.Detail}",
                "It is tried on; see that it runs, and that no firewall is in between.");
        }

        foreach (var space in peer.Spaces)
        {
            foreach (var problem in space.Problems)
            {
                yield return new("REPLICA_LOG_NOT_TAKEN", Warning, $"With {peer.Address}, in the space '{space.Space}': {problem}",
                    "Look at the reason: a clock to set, a newer version to install, or a role to be given.");
            }
        }
    }
}
