namespace Replica.Peer.Membership;

/// <summary>A key, a secret or a ticket can't be used, for a reason that a user can act on. No message holds a secret.</summary>
/// <param name="code">One of the constants here: the same in exceptions, CLI, HTTP and logs.</param>
/// <param name="message">What happened, to what, what was allowed, what to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class MembershipException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The text is no ticket of Replica.</summary>
    public const string TicketForeign = "REPLICA_TICKET_FOREIGN";

    /// <summary>The text was a ticket and lost or changed something on its way.</summary>
    public const string TicketDamaged = "REPLICA_TICKET_DAMAGED";

    /// <summary>The ticket was written by a newer Replica.</summary>
    public const string TicketNewer = "REPLICA_TICKET_NEWER";

    /// <summary>Who was asked is not in the ticket's space, has not heard of its invitation, or may not let anyone in.</summary>
    public const string TicketUnknown = "REPLICA_TICKET_UNKNOWN";

    /// <summary>The device that the ticket names as its maker disowns it.</summary>
    public const string TicketForged = "REPLICA_TICKET_FORGED";

    /// <summary>The ticket was taken back.</summary>
    public const string TicketCancelled = "REPLICA_TICKET_CANCELLED";

    /// <summary>The ticket's time is over.</summary>
    public const string TicketExpired = "REPLICA_TICKET_EXPIRED";

    /// <summary>The ticket has let in as many devices as it may.</summary>
    public const string TicketUsedUp = "REPLICA_TICKET_USED_UP";

    /// <summary>Who was asked handed over a secret that is not the one the ticket announces.</summary>
    public const string SecretWrong = "REPLICA_SECRET_WRONG";

    /// <summary>Others than the owner have rights on a key file or on the folder of keys.</summary>
    public const string KeyExposed = "REPLICA_KEY_EXPOSED";

    /// <summary>A key file does not hold what it should.</summary>
    public const string KeyDamaged = "REPLICA_KEY_DAMAGED";

    /// <summary>A key file can't be read or written.</summary>
    public const string KeyUnavailable = "REPLICA_KEY_UNAVAILABLE";

    /// <summary>A secret or ticket of another space is kept under this name.</summary>
    public const string SpaceExists = "REPLICA_SPACE_EXISTS";

    /// <summary>A passphrase is too short or too long.</summary>
    public const string PassphraseInvalid = "REPLICA_PASSPHRASE_INVALID";

    /// <summary>The keys in a backup do not open under this passphrase.</summary>
    public const string PassphraseWrong = "REPLICA_PASSPHRASE_WRONG";

    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>What a newcomer is told when its join came to nothing.</summary>
    /// <param name="failure">What came of it.</param>
    /// <param name="isInviter">Whether the peer is the device that the ticket names as its maker.</param>
    /// <returns>Null for the failures that are no news to a user, such as a duplicate channel.</returns>
    public static MembershipException? ForJoin(AdmissionFailure failure, bool isInviter) => failure switch
    {
        AdmissionFailure.Unknown when isInviter => new(TicketForged,
            "The device that this ticket names as its maker does not know it: the ticket was made up or altered, or that device "
            + "has left the space or may let nobody in any more. Ask a member for a new one."),
        AdmissionFailure.Unknown => new(TicketUnknown,
            "The peer does not know this ticket: it is in another space, or has not heard of the invitation, or may not let "
            + "anyone in. Replica asks other members as it meets them; if none is left, ask for a new ticket."),
        AdmissionFailure.Cancelled => new(TicketCancelled, "The ticket was taken back by an admin of the space: ask for a new one."),
        AdmissionFailure.Expired => new(TicketExpired, "The ticket's time is over: ask a member for a new one."),
        AdmissionFailure.UsedUp => new(TicketUsedUp,
            "The ticket has let in as many devices as it may: ask a member for a new one."),
        AdmissionFailure.WrongSecret => new(SecretWrong,
            "The peer handed over a secret that is not the one this ticket announces: it is no member of the space. "
            + "Nothing was kept; Replica goes on with other peers."),
        _ => null,
    };
}
