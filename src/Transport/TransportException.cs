using System.Diagnostics;

namespace Replica.Transport;

/// <summary>The world's fault: a stream could not be opened or broke. Back off and try again.</summary>
/// <param name="failure">What kind of failure it was.</param>
/// <param name="message">What happened, to which address, and what to do.</param>
/// <param name="inner">The system's own error, if there was one.</param>
public sealed class TransportException(TransportFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What kind of failure it was.</summary>
    public TransportFailure Failure { get; } = failure;

    /// <summary>The stable code of the failure, the same in logs, the command line and HTTP.</summary>
    public string Code => Failure switch
    {
        TransportFailure.AddressUnsupported => "REPLICA_ADDRESS_UNSUPPORTED",
        TransportFailure.AddressUnknown => "REPLICA_ADDRESS_UNKNOWN",
        TransportFailure.AddressInUse => "REPLICA_ADDRESS_IN_USE",
        TransportFailure.PermissionDenied => "REPLICA_ADDRESS_FORBIDDEN",
        TransportFailure.Refused => "REPLICA_PEER_REFUSED",
        TransportFailure.Unreachable => "REPLICA_PEER_UNREACHABLE",
        TransportFailure.ConnectionLost => "REPLICA_CONNECTION_LOST",
        TransportFailure.OutOfResources => "REPLICA_OUT_OF_RESOURCES",
        TransportFailure.ProtocolBlocked => "REPLICA_PROTOCOL_BLOCKED",
        _ => throw new UnreachableException($"No code for {Failure}."),
    };
}
