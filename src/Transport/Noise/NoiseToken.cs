namespace Replica.Transport.Noise;

/// <summary>The tokens of a message pattern.</summary>
/// <remarks>Source: [Noise] 5 and 9. The letters are those of the specification.</remarks>
internal enum NoiseToken
{
    /// <summary>Sends the ephemeral key.</summary>
    E,

    /// <summary>Sends the static key, encrypted once there is a key.</summary>
    S,

    /// <summary>Mixes ephemeral with ephemeral.</summary>
    EE,

    /// <summary>Mixes the initiator's ephemeral with the responder's static key.</summary>
    ES,

    /// <summary>Mixes the initiator's static with the responder's ephemeral key.</summary>
    SE,

    /// <summary>Mixes static with static.</summary>
    SS,

    /// <summary>Mixes the next pre-shared key.</summary>
    Psk,
}
