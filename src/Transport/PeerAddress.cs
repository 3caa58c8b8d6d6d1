using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport;

/// <summary>Where a peer can be reached: a URI whose scheme names the transport.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>tcp://host:port</c></term><description>host is a name, an IPv4 address, or an IPv6 address in brackets;
/// a link-local one with its interface, <c>[fe80::1%eth0]</c>; to listen, <c>*</c> for all, which is <c>[::]</c></description></item>
/// <item><term><c>ws://host:port/path</c>, <c>wss://…</c></term><description>a WebSocket, without and with TLS</description></item>
/// <item><term><c>relay+wss://host:port/#key</c></term><description>a device behind a relay, known there by its routing key</description></item>
/// <item><term><c>memory:name</c></term><description>a listener in the same process, for tests and embedding</description></item>
/// </list>
/// Two addresses are equal when their canonical texts are: hosts in lower case, IP addresses in their shortest form.
/// </remarks>
public abstract partial record PeerAddress
{
    /// <summary>The longest text that is accepted, in characters.</summary>
    public const int TextCharsMax = 300;

    private PeerAddress()
    {
    }

    /// <summary>
    /// What limits for "one address" count under: the host without the port; of an IPv6 address its first 64 bits, since
    /// one customer commonly holds all the rest. A link-local address counts whole, as its first bits are those of all neighbours.
    /// </summary>
    public abstract string Source { get; }

    /// <summary>
    /// Whether it names a link-local IPv6 address, which means something on one link of this computer alone: it is neither sent
    /// to others nor taken from them, and not kept.
    /// </summary>
    public virtual bool IsOnLink => false;

    /// <summary>Reads an address from its text.</summary>
    /// <param name="text">What a user typed or a peer sent; nothing is assumed of it.</param>
    /// <param name="address">The address, if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it and what would be right; safe to show.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        if (string.IsNullOrEmpty(text) || text.Length > TextCharsMax)
        {
            error = $"A peer address has 1 to {TextCharsMax} characters; this one has {text?.Length ?? 0}.";
            return false;
        }

        if (text.StartsWith("tcp://", StringComparison.OrdinalIgnoreCase))
        {
            return TcpHost.TryParseRest(text.AsSpan(6), out address, out error);
        }

        if (text.StartsWith("ws://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("wss://", StringComparison.OrdinalIgnoreCase))
        {
            var isSecure = text[2] is 's' or 'S';
            return WebSocketHost.TryParseRest(text.AsSpan(isSecure ? 6 : 5), isSecure, out address, out error);
        }

        if (text.StartsWith("relay+ws", StringComparison.OrdinalIgnoreCase) && text.AsSpan(8).TrimStart("sS").StartsWith("://"))
        {
            var isSecure = text[8] is 's' or 'S';
            return RelayRoute.TryParseRest(text.AsSpan(isSecure ? 12 : 11), isSecure, out address, out error);
        }

        if (text.StartsWith("memory:", StringComparison.OrdinalIgnoreCase))
        {
            return InMemory.TryParseRest(text[7..], out address, out error);
        }

        error = "The address names no known transport: it must begin with tcp:// (as in tcp://192.0.2.1:7000), ws://, wss://, "
            + "relay+wss:// or memory:.";
        return false;
    }

    /// <summary>Reads an address from its text.</summary>
    /// <exception cref="FormatException">It is not an address; the message says why.</exception>
    public static PeerAddress Parse(string text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException(error);

    /// <summary>The canonical URI text, which <see cref="Parse"/> reads back to an equal address.</summary>
    public abstract override string ToString();
}
