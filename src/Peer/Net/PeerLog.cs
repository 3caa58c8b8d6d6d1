using Microsoft.Extensions.Logging;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>All messages of the network. None holds a key's private half, a ticket, a secret or a value.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(1, LogLevel.Information, "Connected to {Address}: device {Device}.")]
    public static partial void Connected(ILogger log, PeerAddress address, string device);

    [LoggerMessage(2, LogLevel.Information, "Disconnected from {Address}: {Reason}.")]
    public static partial void Disconnected(ILogger log, PeerAddress address, string reason);

    [LoggerMessage(3, LogLevel.Warning, "A connection from {Address} came to nothing: {Reason}")]
    public static partial void Refused(ILogger log, PeerAddress address, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Can't reach {Address}: {Reason} Trying on.")]
    public static partial void Unreachable(ILogger log, PeerAddress address, string reason);

    [LoggerMessage(5, LogLevel.Information, "Space '{Space}' is open with {Address}.")]
    public static partial void Opened(ILogger log, string space, PeerAddress address);

    [LoggerMessage(6, LogLevel.Warning, "A space could not be opened with {Address}: {Reason}")]
    public static partial void NotOpened(ILogger log, PeerAddress address, string reason);

    [LoggerMessage(7, LogLevel.Information, "Joined space '{Space}'.")]
    public static partial void Joined(ILogger log, string space);

    [LoggerMessage(8, LogLevel.Information, "Let device {Device} into space '{Space}'.")]
    public static partial void LetIn(ILogger log, string device, string space);

    [LoggerMessage(9, LogLevel.Warning, "A run of space '{Space}' from {Address} was not applied: {Verdict}: {Detail}.")]
    public static partial void NotApplied(ILogger log, string space, PeerAddress address, string verdict, string detail);

    [LoggerMessage(10, LogLevel.Error, "The store of space '{Space}' failed: {Detail}")]
    public static partial void StoreFailed(ILogger log, string space, string detail);

    [LoggerMessage(12, LogLevel.Error, "The session with {Address} failed by a fault of this program: {Kind}: {Detail}")]
    public static partial void SessionFailed(ILogger log, Exception fault, PeerAddress address, string kind, string detail);

    [LoggerMessage(13, LogLevel.Error, "Peers can't be let in at {Address} for now: {Detail}")]
    public static partial void AcceptFailed(ILogger log, PeerAddress address, string detail);

    [LoggerMessage(14, LogLevel.Warning, "{Address} does not take changes of space '{Space}', log {Author} from {Seq} on: {Reason}.")]
    public static partial void RefusedByPeer(ILogger log, PeerAddress address, string space, string author, ulong seq, string reason);

    [LoggerMessage(15, LogLevel.Warning, "Device {Device} at {Address} is kept away for a while: it broke the protocol {Count} times.")]
    public static partial void KeptAway(ILogger log, PeerAddress address, string device, int count);

    [LoggerMessage(21, LogLevel.Error, "Changes of space '{Space}' that end at {End} are damaged on this disk and are not sent: "
        + "run 'replica verify' and 'replica repair' (REPLICA_DAMAGED_CHANGE).")]
    public static partial void NotServed(ILogger log, string space, string end);

    [LoggerMessage(11, LogLevel.Warning, "The device behind {Address} has this device's own key: a copied home. "
        + "Stop one of the two, run 'replica identity renew' there, and join again with a ticket (REPLICA_IDENTITY_SHARED).")]
    public static partial void IdentityShared(ILogger log, PeerAddress address);

    [LoggerMessage(20, LogLevel.Warning, "The addresses of peers can't be kept in {Path}: {Detail} They are learned again after the next start.")]
    public static partial void AddressesNotKept(ILogger log, string path, string detail);

    [LoggerMessage(23, LogLevel.Information, "A member of a space announces itself on the local network at {Address}.")]
    public static partial void SeenOnLan(ILogger log, PeerAddress address);

    [LoggerMessage(22, LogLevel.Warning, "Device {Device} was not let into space '{Space}', which has {Max} logs, the most there may be ({Code}).")]
    public static partial void SpaceFull(ILogger log, string device, string space, int max, string code);
}
