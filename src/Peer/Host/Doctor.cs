using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Transport;

namespace Replica.Peer.Host;

/// <summary>Judges what was found around a home: each finding has a stable code, a sentence and a remedy.</summary>
public static class Doctor
{
    /// <summary>Less room on the disk than this is a problem, in bytes.</summary>
    public const long DiskFreeBytesMin = 256L * 1024 * 1024;

    /// <summary>A clock that is further off than this is told.</summary>
    public static readonly TimeSpan ClockOffMax = TimeSpan.FromMinutes(1);

    private const string ClockRemedy = "Set the clock of whichever is wrong: changes from the future are held back by others.";
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

        if (report.Status.IsReadOnly)
        {
            yield return new("REPLICA_READ_ONLY", Problem, "The home can't be written: it is open to be read alone.",
                "Check the rights of the folder and that its disk is not mounted to be read only, or copy it to where it can be written.");
        }

        foreach (var notice in report.Status.Notices)
        {
            yield return new(SharedIdentity.Code, Warning, notice, "Give one of the two homes 'replica identity renew', with no process on it.");
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

            foreach (var fork in space.Forks)
            {
                yield return new("REPLICA_LOG_FORKED", Warning, $"In the space '{space.Name}': {fork.Notice}",
                    $"Nothing is lost. If a copy of the home of {fork.Name} is in use, give one of the two 'replica identity renew'; "
                    + "if nobody copied it, its key is in other hands: 'replica demote' it.");
            }

            if (space.Backup is { Failure: { } reason } backup)
            {
                yield return new("REPLICA_BACKUP_FAILED", Problem,
                    $"The space '{space.Name}' could not be saved: {reason} The newest backup is "
                    + (backup.LastAt is { } at ? $"of {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC." : "none."),
                    "Make room in the folder of the backups and see to its rights; it is tried again.");
            }

            if (space.Incarnation is { } incarnation)
            {
                yield return new("REPLICA_LOG_NEW", Note, $"In the space '{space.Name}': {incarnation.Notice}.",
                    "Nothing, if the home was copied, restored or repaired; if a copy of it is in use elsewhere, give one 'replica identity renew'.");
            }

            var told = space.Forks.Select(static fork => fork.Notice).Append(space.Incarnation?.Notice);
            foreach (var notice in space.Notices.Except(told))
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
                "Give 'run --listen tcp://*:PORT', or 'run --relay wss://HOST' to be reachable everywhere.");
        }

        foreach (var relay in report.Relays)
        {
            if (!relay.IsConnected)
            {
                yield return new("REPLICA_RELAY_UNREACHABLE", Problem,
                    $"There is no connection to the relay {relay.Relay}: {relay.Problem ?? "it has not answered yet."}",
                    $"See that it runs and lets this device in, whose routing key there is {relay.RoutingKey}.");
                continue;
            }

            if (relay.IsPolling)
            {
                yield return new("REPLICA_RELAY_POLLING", Note, $"The relay {relay.Relay} is reached by polling: something lets no WebSocket through.",
                    "Nothing, if that is how this network is; a proxy that lets WebSockets through makes it faster.");
            }

            if (relay.ClockAhead.Duration() > ClockOffMax)
            {
                yield return new("REPLICA_CLOCK_DIFFERS", Warning,
                    $"The clock of the relay {relay.Relay} is {Off(relay.ClockAhead)} this one's.", ClockRemedy);
            }
        }

        foreach (var away in report.KeptAway)
        {
            yield return new("REPLICA_PEER_KEPT_AWAY", Warning,
                $"The device {away.Device[..16]} broke the protocol {away.Faults} times and is kept away for {Seconds(away.Left)}.",
                "It is let in again by itself; if it goes on, update the program on it, or look for who has its key.");
        }

        var onLan = report.Sightings.Where(static one => one.IsKnown).Select(static one => one.Address.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var finding in OfLan(report).Concat(report.Status.Peers.SelectMany(peer => OfPeer(peer, onLan.Contains(peer.Address)))))
        {
            yield return finding;
        }
    }

    private static IEnumerable<DoctorFinding> OfLan(DoctorReport report)
    {
        if (!report.IsLanOn)
        {
            yield return new("REPLICA_LAN_OFF", Note, "Peers are not looked for on the local network.",
                "Run without --no-lan, and listen at an address that others can reach, if they should be.");
        }

        foreach (var deaf in report.Echoes.Where(static one => !one.IsHeard).Select(static one => one.Interface))
        {
            var (family, group) = deaf.Address.AddressFamily == AddressFamily.InterNetworkV6 ? ("IPv6", "ff02::fb") : ("IPv4", "224.0.0.251");
            yield return new("REPLICA_MULTICAST_BLOCKED", Problem,
                $"On {deaf.Name} ({deaf.Address}) this device does not hear what it sends itself to all, so it hears nobody by {family}.",
                $"Let UDP port 5353 to {group} through the firewall both ways, or use --connect or --relay.");
        }

        foreach (var finding in report.IsLanOn ? OfFamilies(report) : [])
        {
            yield return finding;
        }

        foreach (var one in report.Sightings.Where(static one => !one.IsKnown))
        {
            yield return new("REPLICA_LAN_STRANGER", Note, $"At {one.Address} somebody runs Replica who shares no space with this home.",
                "Nothing, unless it is a device of yours: then let it join with a ticket.");
        }
    }

    /// <summary>Who listens by TCP, and not by the one family of addresses that an interface has, is not announced there.</summary>
    private static IEnumerable<DoctorFinding> OfFamilies(DoctorReport report)
    {
        AddressFamily[] taken =
        [
            .. report.Status.Listening.Select(static text => PeerAddress.TryParse(text, out var address, out _) ? address as PeerAddress.TcpHost : null)
                .Select(static tcp => IPAddress.TryParse(tcp?.Host, out var bound) ? bound : null).OfType<IPAddress>()
                .Where(static bound => !IPAddress.IsLoopback(bound))
                .SelectMany(static bound => bound.Equals(IPAddress.IPv6Any)
                    ? [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]
                    : new[] { bound.AddressFamily }),
        ];
        foreach (var one in report.Interfaces.GroupBy(static one => one.Name, StringComparer.Ordinal)
            .Where(one => taken.Length > 0 && !one.Any(own => taken.Contains(own.Address.AddressFamily))))
        {
            yield return new("REPLICA_LISTENER_FAMILY", Warning,
                $"{one.Key} has addresses of IPv{(taken.Contains(AddressFamily.InterNetwork) ? "6" : "4")} alone, by which this device accepts nobody.",
                "Give 'run --listen tcp://*:PORT', which takes both in.");
        }
    }

    private static IEnumerable<DoctorFinding> OfPeer(PeerStatus peer, bool isOnLan)
    {
        if (peer.State != "connected" && peer.Detail.Length > 0)
        {
            var next = peer.RetryIn is { } pause ? $" It is tried again in {Seconds(pause)}." : "";
            yield return isOnLan
                ? new("REPLICA_LAN_REFUSED", Warning, $"A member announces itself at {peer.Address} on the local network and is not connected: "
                    + $"{Sentence(peer.Detail)}{next}",
                    "See that its firewall lets the port in that it announces, and what it logs; another may also repeat its announcement.")
                : new("REPLICA_PEER_UNREACHABLE", Warning, $"{peer.Address} was heard of and is not connected: {Sentence(peer.Detail)}{next}",
                    "See that the address is right, that it runs, and that no firewall is in between.");
        }

        if (peer.ClockAhead is { } ahead && ahead.Duration() > ClockOffMax)
        {
            yield return new("REPLICA_CLOCK_DIFFERS", Warning, $"The clock of {peer.Address} is {Off(ahead)} this one's.", ClockRemedy);
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

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds):0} s");

    private static string Off(TimeSpan ahead) =>
        string.Create(CultureInfo.InvariantCulture, $"{ahead.Duration().TotalSeconds:0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")}");
}
