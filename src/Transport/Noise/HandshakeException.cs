using System.Diagnostics;

namespace Replica.Transport.Noise;

/// <summary>The other side's fault, or nobody's: there is no session, and the connection is closed. Nothing was told to it.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause below, if there was one.</param>
public sealed class HandshakeException(HandshakeFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why there is no session.</summary>
    public HandshakeFailure Failure { get; } = failure;

    /// <summary>With <see cref="HandshakeFailure.OtherVersion"/>: the version the other side named, 1 or 2 characters.</summary>
    public string? OtherVersion { get; init; }

    /// <summary>The stable code of the failure, the same in logs, the command line and HTTP.</summary>
    public string Code => Failure switch
    {
        HandshakeFailure.NotAReplica => "REPLICA_NOT_A_REPLICA",
        HandshakeFailure.OtherVersion => "REPLICA_OTHER_VERSION",
        HandshakeFailure.WrongDevice => "REPLICA_WRONG_DEVICE",
        HandshakeFailure.BadSignature => "REPLICA_BAD_DEVICE_SIGNATURE",
        HandshakeFailure.BadMessage => "REPLICA_BAD_HANDSHAKE",
        HandshakeFailure.Timeout => "REPLICA_HANDSHAKE_TIMEOUT",
        HandshakeFailure.Closed => "REPLICA_HANDSHAKE_CLOSED",
        _ => throw new UnreachableException($"No code for {Failure}."),
    };
}
