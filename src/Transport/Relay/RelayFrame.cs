namespace Replica.Transport.Relay;

/// <summary>One frame between a device and a relay, before two devices are joined to a tunnel.</summary>
/// <remarks>
/// Wire form: number (1 byte) ‖ length of the body (2, big-endian) ‖ body. Odd numbers are the relay's, even ones the
/// device's. Source: docs/protocol-reach.md, which has the table; the bytes are on record in Golden/relay-*.hex.
/// </remarks>
public abstract record RelayFrame
{
    /// <summary>The version of the frames.</summary>
    public const byte Version = 1;

    /// <summary>The length of challenges, nonces and rendezvous tags, in bytes.</summary>
    public const int TagBytes = 32;

    /// <summary>The length of a ticket with which a listener takes a dialler, in bytes.</summary>
    public const int TicketBytes = 16;

    /// <summary>The longest sealed rendezvous entry, in bytes: a nonce, 256 bytes of text, a tag.</summary>
    public const int SealedBytesMax = 12 + 256 + 16;

    /// <summary>The most entries under one rendezvous tag.</summary>
    public const int EntriesMax = 64;

    /// <summary>The longest body of any frame, in bytes.</summary>
    public const int BodyBytesMax = 1 + (EntriesMax * (2 + SealedBytesMax));

    /// <summary>The longest time an announcement may hold, in seconds.</summary>
    public const int AnnouncementSecondsMax = 2 * 60 * 60;

    private RelayFrame()
    {
    }

    /// <summary>The relay's first word: its clock, and what the device must sign.</summary>
    /// <param name="UnixMilliseconds">The relay's wall clock.</param>
    /// <param name="Challenge">32 bytes, good once and for ten seconds.</param>
    public sealed record Hello(long UnixMilliseconds, ReadOnlyMemory<byte> Challenge) : RelayFrame;

    /// <summary>The device proves that it holds its routing key.</summary>
    /// <param name="RoutingKey">By what the relay is to know it.</param>
    /// <param name="Nonce">32 bytes of the device's choice.</param>
    /// <param name="Signature">64 bytes over <see cref="RelayAuth.Text"/>.</param>
    public sealed record Auth(DeviceKey RoutingKey, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Signature) : RelayFrame;

    /// <summary>The relay takes the device for what it says.</summary>
    public sealed record Ready : RelayFrame;

    /// <summary>The device wants to be dialled under its routing key, from now on and here.</summary>
    public sealed record Listen : RelayFrame;

    /// <summary>From now on it can be.</summary>
    public sealed record Listening : RelayFrame;

    /// <summary>The device wants a tunnel to whoever listens under a key.</summary>
    /// <param name="RoutingKey">The key.</param>
    public sealed record Dial(DeviceKey RoutingKey) : RelayFrame;

    /// <summary>Somebody dials a listener, which opens a connection of its own and shows the ticket there.</summary>
    /// <param name="Ticket">16 bytes, good once and for ten seconds.</param>
    /// <param name="RoutingKey">Who dials.</param>
    public sealed record Incoming(ReadOnlyMemory<byte> Ticket, DeviceKey RoutingKey) : RelayFrame;

    /// <summary>The listener takes the dialler that this ticket was given for.</summary>
    /// <param name="Ticket">The 16 bytes.</param>
    public sealed record Accept(ReadOnlyMemory<byte> Ticket) : RelayFrame;

    /// <summary>The tunnel is open: all that follows, both ways, is the two devices' own.</summary>
    public sealed record Opened : RelayFrame;

    /// <summary>The device leaves word where it is, for whoever can compute the tag.</summary>
    /// <param name="Tag">32 bytes.</param>
    /// <param name="Seconds">How long it holds, 1 to <see cref="AnnouncementSecondsMax"/>.</param>
    /// <param name="Sealed">1 to <see cref="SealedBytesMax"/> bytes that the relay can't read.</param>
    public sealed record Announce(ReadOnlyMemory<byte> Tag, int Seconds, ReadOnlyMemory<byte> Sealed) : RelayFrame;

    /// <summary>The word is kept.</summary>
    public sealed record Announced : RelayFrame;

    /// <summary>The device asks who left word under a tag.</summary>
    /// <param name="Tag">32 bytes.</param>
    public sealed record Lookup(ReadOnlyMemory<byte> Tag) : RelayFrame;

    /// <summary>What was left under the tag.</summary>
    /// <param name="Entries">At most <see cref="EntriesMax"/>.</param>
    public sealed record Found(IReadOnlyList<ReadOnlyMemory<byte>> Entries) : RelayFrame;

    /// <summary>Asks for a sign of life.</summary>
    /// <param name="Number">Comes back.</param>
    public sealed record Ping(ulong Number) : RelayFrame;

    /// <summary>The sign of life.</summary>
    /// <param name="Number">That of the ping.</param>
    public sealed record Pong(ulong Number) : RelayFrame;

    /// <summary>The relay is about to stop: the device should look for it again after some time.</summary>
    /// <param name="Seconds">When at the earliest.</param>
    public sealed record Leaving(int Seconds) : RelayFrame;

    /// <summary>The relay does not do what was asked, and closes unless the connection is a listener's.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Seconds">When it may be worth asking again.</param>
    public sealed record Refused(RelayRefusal Reason, int Seconds) : RelayFrame;
}
