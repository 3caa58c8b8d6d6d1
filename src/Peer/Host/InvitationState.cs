namespace Replica.Peer.Host;

/// <summary>Whether an invitation still lets anyone in, as far as this replica knows.</summary>
public enum InvitationState
{
    /// <summary>It lets devices in.</summary>
    Open,

    /// <summary>Its time is over by the clock here.</summary>
    Expired,

    /// <summary>It has let in as many devices as it may.</summary>
    UsedUp,

    /// <summary>It has let in more than it may: sponsors who could not see each other took the last use twice.</summary>
    OverUsed,

    /// <summary>An admin took it back.</summary>
    Cancelled,
}
