namespace Replica.Transport.Crypto;

/// <summary>Every domain-separation label of the product, so that no signature, tag or key of one kind is one of another.</summary>
/// <remarks>A label ends in a version. A new meaning gets a new label; an old one is never given another meaning.</remarks>
public static class SigningLabels
{
    /// <summary>Signed by a device: r ‖ Noise static public key, in the handshake.</summary>
    public static ReadOnlySpan<byte> NoiseStatic => "replica/noise-static/1"u8;

    /// <summary>Signed by a device: space id ‖ log ‖ seq ‖ head, at the end of a run.</summary>
    public static ReadOnlySpan<byte> Head => "replica/head/1"u8;

    /// <summary>Signed by an invitation key: space id ‖ invitation public key ‖ device key.</summary>
    public static ReadOnlySpan<byte> Join => "replica/join/1"u8;

    /// <summary>Signed by a routing key: authority length ‖ authority ‖ challenge ‖ nonce.</summary>
    public static ReadOnlySpan<byte> RelayAuth => "replica/relay-auth/1"u8;

    /// <summary>Derives a device's routing key for one relay, from its seed.</summary>
    public static ReadOnlySpan<byte> RoutingKey => "replica/routing-key/1"u8;

    /// <summary>Hashed: the bytes of one change.</summary>
    public static ReadOnlySpan<byte> Change => "replica/change/1"u8;

    /// <summary>Hashed: device key ‖ incarnation nonce, which gives a log its id.</summary>
    public static ReadOnlySpan<byte> Log => "replica/log/1"u8;

    /// <summary>Hashed: the space secret, which a ticket lets a joiner check.</summary>
    public static ReadOnlySpan<byte> SecretCheck => "replica/secret-check/1"u8;

    /// <summary>Derives the key for the tags and proofs of an open, from a space secret.</summary>
    public static ReadOnlySpan<byte> Admit => "replica/admit/1"u8;

    /// <summary>Derives the key for the tag of a join, from an invitation public key.</summary>
    public static ReadOnlySpan<byte> JoinTag => "replica/join-tag/1"u8;

    /// <summary>Derives the key for LAN tags among members, from a space secret.</summary>
    public static ReadOnlySpan<byte> Lan => "replica/lan/1"u8;

    /// <summary>Derives the key for LAN tags towards newcomers, from an invitation public key.</summary>
    public static ReadOnlySpan<byte> LanJoin => "replica/lan-join/1"u8;

    /// <summary>Derives the key for rendezvous tags among members, from a space secret.</summary>
    public static ReadOnlySpan<byte> Rendezvous => "replica/rendezvous/1"u8;

    /// <summary>Derives the key that seals rendezvous entries among members, from a space secret.</summary>
    public static ReadOnlySpan<byte> RendezvousSeal => "replica/rendezvous-seal/1"u8;

    /// <summary>Derives the key for rendezvous tags towards newcomers, from an invitation public key.</summary>
    public static ReadOnlySpan<byte> RendezvousJoin => "replica/rendezvous-join/1"u8;

    /// <summary>Derives the key that seals rendezvous entries towards newcomers, from an invitation public key.</summary>
    public static ReadOnlySpan<byte> RendezvousJoinSeal => "replica/rendezvous-join-seal/1"u8;

    /// <summary>Builds <c>label ‖ 0x00 ‖ fields</c>: the bytes that are signed or hashed.</summary>
    /// <remarks>The fields must have fixed lengths or say their length: nothing here separates them.</remarks>
    public static byte[] Build(
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second = default,
        ReadOnlySpan<byte> third = default,
        ReadOnlySpan<byte> fourth = default)
    {
        var text = new byte[label.Length + 1 + first.Length + second.Length + third.Length + fourth.Length];
        label.CopyTo(text);
        var rest = text.AsSpan(label.Length + 1);
        first.CopyTo(rest);
        rest = rest[first.Length..];
        second.CopyTo(rest);
        rest = rest[second.Length..];
        third.CopyTo(rest);
        fourth.CopyTo(rest[third.Length..]);
        return text;
    }
}
