using static Replica.Transport.Noise.NoiseToken;

namespace Replica.Transport.Noise;

/// <summary>One handshake pattern as data: what both sides know before, and the tokens of each message.</summary>
/// <remarks>Source: [Noise] 7.5 and 9.4. The product uses XX; the others are there for the published vectors.</remarks>
/// <param name="Name">The name as it stands in the protocol name, modifiers included.</param>
/// <param name="InitiatorStaticKnown">The responder knows the initiator's static key beforehand.</param>
/// <param name="ResponderStaticKnown">The initiator knows the responder's static key beforehand.</param>
/// <param name="Messages">The tokens of each message; the initiator sends the even ones.</param>
internal sealed record HandshakePattern(
    string Name,
    bool InitiatorStaticKnown,
    bool ResponderStaticKnown,
    NoiseToken[][] Messages)
{
    /// <summary>The pattern of the product: both static keys are sent encrypted.</summary>
    public static HandshakePattern XX { get; } = new("XX", false, false, [[E], [E, EE, S, ES], [S, SE]]);

    /// <summary>All patterns, the product's first.</summary>
    public static IReadOnlyList<HandshakePattern> All { get; } =
    [
        XX,
        new("XXpsk3", false, false, [[E], [E, EE, S, ES], [S, SE, Psk]]),
        new("IK", false, true, [[E, ES, S, SS], [E, EE, SE]]),
        new("KK", true, true, [[E, ES, SS], [E, EE, SE]]),
        new("NN", false, false, [[E], [E, EE]]),
        new("NNpsk0", false, false, [[Psk, E], [E, EE]]),
    ];

    /// <summary>Whether pre-shared keys take part, so that an ephemeral key is mixed into the key as well.</summary>
    public bool UsesPsk { get; } = Messages.Any(tokens => tokens.Contains(Psk));
}
