namespace Replica.Transport.Noise;

/// <summary>Which side of a handshake a peer is. The values are the role bytes of the protocol.</summary>
public enum NoiseRole : byte
{
    /// <summary>The side that dialled and speaks first: 0.</summary>
    Initiator = 0,

    /// <summary>The side that was dialled: 1.</summary>
    Responder = 1,
}
