namespace Replica.Peer.Store;

/// <summary>This device may not write here: its admission as a writer was not received, or it is a reader.</summary>
public sealed class NotAdmittedException()
    : Exception("This device is not admitted as a writer of the space: connect to a member with a ticket, "
        + "or ask an admin for the role of a writer.")
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_NOT_ADMITTED";
}
