namespace Replica.Peer.Membership;

/// <summary>What became of a newcomer who holds an invitation key.</summary>
public enum AdmitOutcome
{
    /// <summary>Not known here, or this device may not sponsor; the newcomer may ask someone else.</summary>
    Unknown = 0,

    /// <summary>The <c>admit</c> is durable, or was there before: the newcomer gets the space secret.</summary>
    Admitted = 1,

    /// <summary>Past its time by this device's clock.</summary>
    Expired = 2,

    /// <summary>It has admitted as many devices as it may.</summary>
    UsedUp = 3,

    /// <summary>An admin took it back.</summary>
    Cancelled = 4,
}
