using static Replica.Transport.Noise.NoiseToken;

namespace Replica.Transport.Noise;

/// <summary>One handshake pattern as data: what both sides know before, and the tokens of each message.</summary>
/// <remarks>Source: [Noise] 7.4, 7.5 and 9. The product uses XX; the others are there for the published vectors.</remarks>
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
    private const string PskModifier = "psk";

    /// <summary>The pattern of the product: both static keys are sent encrypted.</summary>
    public static HandshakePattern XX { get; } = new("XX", false, false, [[E], [E, EE, S, ES], [S, SE]]);

    /// <summary>The one-way and the fundamental interactive patterns, the product's first.</summary>
    public static IReadOnlyList<HandshakePattern> All { get; } =
    [
        XX,
        new("N", false, true, [[E, ES]]),
        new("K", true, true, [[E, ES, SS]]),
        new("X", false, true, [[E, ES, S, SS]]),
        new("NN", false, false, [[E], [E, EE]]),
        new("NK", false, true, [[E, ES], [E, EE]]),
        new("NX", false, false, [[E], [E, EE, S, ES]]),
        new("KN", true, false, [[E], [E, EE, SE]]),
        new("KK", true, true, [[E, ES, SS], [E, EE, SE]]),
        new("KX", true, false, [[E], [E, EE, SE, S, ES]]),
        new("XN", false, false, [[E], [E, EE], [S, SE]]),
        new("XK", false, true, [[E, ES], [E, EE], [S, SE]]),
        new("IN", false, false, [[E, S], [E, EE, SE]]),
        new("IK", false, true, [[E, ES, S, SS], [E, EE, SE]]),
        new("IX", false, false, [[E, S], [E, EE, SE, S, ES]]),
    ];

    /// <summary>Whether pre-shared keys take part, so that an ephemeral key is mixed into the key as well.</summary>
    public bool UsesPsk { get; } = Messages.Any(tokens => tokens.Contains(Psk));

    /// <summary>Finds a pattern by a name such as <c>IK</c> or <c>XXpsk0+psk3</c>.</summary>
    /// <returns>Null when the pattern or a modifier is not known here.</returns>
    public static HandshakePattern? Find(string name)
    {
        var end = name.IndexOf(PskModifier, StringComparison.Ordinal);
        var basic = All.FirstOrDefault(pattern => pattern.Name == (end < 0 ? name : name[..end]));
        if (basic is null || end < 0)
        {
            return basic;
        }

        var messages = basic.Messages;
        foreach (var modifier in name[end..].Split('+'))
        {
            if (!modifier.StartsWith(PskModifier, StringComparison.Ordinal)
                || modifier[PskModifier.Length..] is not [var digit] || digit < '0' || digit > '0' + messages.Length)
            {
                return null;
            }

            messages = WithPsk(messages, digit - '0');
        }

        return new(name, basic.InitiatorStaticKnown, basic.ResponderStaticKnown, messages);
    }

    // psk0 stands before everything, pskN after the last token of message N. [Noise] 9.4.
    private static NoiseToken[][] WithPsk(NoiseToken[][] messages, int place) =>
    [
        .. messages.Select((tokens, index) => (place, index) switch
        {
            (0, 0) => [Psk, .. tokens],
            _ when index == place - 1 => [.. tokens, Psk],
            _ => tokens,
        }),
    ];
}
