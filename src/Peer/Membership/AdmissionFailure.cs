namespace Replica.Peer.Membership;

/// <summary>Why a channel, or the whole session, came to no admitted space.</summary>
public enum AdmissionFailure
{
    /// <summary>The answerer knows no such space or invitation, or the opener did not prove that it does.</summary>
    Unknown = 0,

    /// <summary>The space is open in this session already, on another channel.</summary>
    Duplicate = 1,

    /// <summary>The sponsor holds the invitation to be past its time.</summary>
    Expired = 2,

    /// <summary>The sponsor holds the invitation to have admitted as many devices as it may.</summary>
    UsedUp = 3,

    /// <summary>The answerer claimed to hold the space secret and does not: it is no member.</summary>
    WrongProof = 4,

    /// <summary>The sponsor handed over another space secret than the ticket announced.</summary>
    WrongSecret = 5,

    /// <summary>A message came that has no place here.</summary>
    ProtocolFault = 6,

    /// <summary>The other side failed to prove itself <see cref="AdmissionGate.FailedProofsMax"/> times.</summary>
    TooManyFailures = 7,

    /// <summary>The space secret came and could not be stored here: the ticket is kept and tried again.</summary>
    NotStored = 8,

    /// <summary>The sponsor knows that the invitation was taken back.</summary>
    Cancelled = 9,
}
