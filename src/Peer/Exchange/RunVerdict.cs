namespace Replica.Peer.Exchange;

/// <summary>What became of a run that arrived. The numbers stand on the wire in hold and reject.</summary>
public enum RunVerdict
{
    /// <summary>Applied and durable.</summary>
    Applied = 0,

    /// <summary>Known already.</summary>
    Known = 1,

    /// <summary>Its base is not on a chain held here: changes between are missing, or the sender follows another branch.</summary>
    Gap = 2,

    /// <summary>Hold: a stamp lies too far ahead of the clock here.</summary>
    ClockAhead = 3,

    /// <summary>Hold: it holds an operation of a newer version.</summary>
    NewerVersion = 4,

    /// <summary>Hold: something it depends on is held or rejected here, or was not sent yet.</summary>
    DependencyMissing = 5,

    /// <summary>Reject: a change breaks the rules of the format.</summary>
    Invalid = 6,

    /// <summary>Reject: its author is not a writer in the change's own past.</summary>
    NotAWriter = 7,

    /// <summary>Reject: it lets a device in under no valid invitation.</summary>
    BadAdmission = 8,

    /// <summary>The peer's fault: bytes, chain or signature do not hold. Nothing about the log is remembered.</summary>
    Forged = 9,

    /// <summary>Not tried: an earlier run of the same batch failed and this one comes after it in its log.</summary>
    Skipped = 11,
}
