namespace Replica.Transport;

/// <summary>Why a byte stream could not be opened or did not last.</summary>
public enum TransportFailure
{
    /// <summary>The address is not of a kind that this transport knows.</summary>
    AddressUnsupported,

    /// <summary>The host name has no address, or the address is none of this machine's.</summary>
    AddressUnknown,

    /// <summary>Another program listens at the address already.</summary>
    AddressInUse,

    /// <summary>The system does not let this process listen at the address.</summary>
    PermissionDenied,

    /// <summary>The machine answered that nobody listens at the address.</summary>
    Refused,

    /// <summary>No way leads to the address, or nothing came back in time.</summary>
    Unreachable,

    /// <summary>The stream broke, or this side aborted it.</summary>
    ConnectionLost,

    /// <summary>The process has no file descriptor or memory left for another connection.</summary>
    OutOfResources,

    /// <summary>Something answers there, but not with the protocol that was asked for: the wrong address, or a proxy in between.</summary>
    ProtocolBlocked,
}
