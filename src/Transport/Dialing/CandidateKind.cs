namespace Replica.Transport.Dialing;

/// <summary>Where an address was learned, best first: in this order the addresses of a device are tried.</summary>
public enum CandidateKind
{
    /// <summary>Announced on the local network.</summary>
    Lan,

    /// <summary>Named by the user.</summary>
    Configured,

    /// <summary>It led to the device before.</summary>
    LastGood,

    /// <summary>It stands in a ticket.</summary>
    Hint,

    /// <summary>A member of a space left it at a relay.</summary>
    Rendezvous,

    /// <summary>Announced on the local network, by another than the address itself: a repeater, or a liar.</summary>
    Hearsay,
}
