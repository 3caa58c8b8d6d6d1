namespace Replica.Peer.Telemetry;

/// <summary>What became of a connection that was tried or taken in.</summary>
internal enum AttemptOutcome
{
    /// <summary>Both sides know who the other is.</summary>
    Connected,

    /// <summary>Nothing answered, or it broke off.</summary>
    Unreachable,

    /// <summary>What answered is no peer, or does not hold to the protocol.</summary>
    NoHandshake,

    /// <summary>This side gave up, because another way was quicker or it is closing.</summary>
    Cancelled,

    /// <summary>A fault of this program.</summary>
    Fault,
}
