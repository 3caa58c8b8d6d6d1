namespace Replica.Transport.Noise;

/// <summary>Why there is no session with the other side.</summary>
public enum HandshakeFailure
{
    /// <summary>What came is not the protocol at all: a web client, a port scanner, another service.</summary>
    NotAReplica,

    /// <summary>The other side speaks another version of the protocol.</summary>
    OtherVersion,

    /// <summary>The other side proved to be another device than the one that was dialled.</summary>
    WrongDevice,

    /// <summary>The device key of the other side did not sign its session key.</summary>
    BadSignature,

    /// <summary>A handshake message has a wrong length, is not authentic, or leads to no secret.</summary>
    BadMessage,

    /// <summary>The handshake did not end in time.</summary>
    Timeout,

    /// <summary>The stream ended before the handshake did.</summary>
    Closed,
}
