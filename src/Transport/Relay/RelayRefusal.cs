namespace Replica.Transport.Relay;

/// <summary>Why a relay does not do what it was asked. The number goes over the wire.</summary>
public enum RelayRefusal
{
    /// <summary>The signature does not hold, or was made for another relay's name.</summary>
    NotAuthenticated = 1,

    /// <summary>The routing key is not on the relay's list.</summary>
    NotAllowed = 2,

    /// <summary>Nobody listens under that routing key.</summary>
    NobodyListens = 3,

    /// <summary>Whom it leads to has too many tunnels, or does not answer in time.</summary>
    TargetBusy = 4,

    /// <summary>Too much comes from one source address.</summary>
    SourceBusy = 5,

    /// <summary>The relay as a whole is full.</summary>
    RelayBusy = 6,

    /// <summary>The relay is about to stop.</summary>
    Draining = 7,

    /// <summary>The frame breaks the protocol, or came too late.</summary>
    BadRequest = 8,
}
