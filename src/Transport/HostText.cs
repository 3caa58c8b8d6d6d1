using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Replica.Transport;

/// <summary>The part <c>host:port</c> of an address, checked and in its canonical form.</summary>
/// <param name="Host">A name or an IP address, lower case, IPv6 without brackets.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Literal">The host as an IP address; null when it is a name.</param>
internal readonly record struct HostText(string Host, int Port, IPAddress? Literal)
{
    private const int HostCharsMax = 253;

    /// <summary>The host as it stands in a URI: IPv6 in brackets.</summary>
    public string InUri => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>What limits for one address count under: the host, or of an IPv6 address its first 64 bits.</summary>
    public string Source => Literal is { AddressFamily: AddressFamily.InterNetworkV6 } address
        ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "/64"
        : Host;

    /// <summary>Takes an end point; an IPv4 address dressed as IPv6 becomes plain IPv4.</summary>
    public static HostText From(IPEndPoint endPoint)
    {
        var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        return new(address.ToString(), endPoint.Port, address);
    }

    /// <summary>Reads <c>host:port</c>.</summary>
    /// <param name="text">What stands there.</param>
    /// <param name="scheme">What stood before it, for the error.</param>
    /// <param name="defaultPort">The port if none is given; null where one is due.</param>
    /// <param name="host">The parts, if they are right.</param>
    /// <param name="error">Otherwise what is wrong, and what would be right.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text, string scheme, int? defaultPort, out HostText host, [NotNullWhen(false)] out string? error)
    {
        host = default;
        var colon = text.LastIndexOf(':');
        var port = defaultPort ?? 0;
        var hasPort = colon >= 0 && text.LastIndexOf(']') < colon;
        if (hasPort ? !TryParsePort(text[(colon + 1)..], out port) : defaultPort is null)
        {
            error = $"A {scheme} address names a port from 0 to 65535, as in {scheme}192.0.2.1:7000.";
            return false;
        }

        var name = hasPort ? text[..colon] : text;
        if (name is ['[', .. var inner, ']'])
        {
            if (!IPAddress.TryParse(inner, out var bracketed) || bracketed.AddressFamily != AddressFamily.InterNetworkV6)
            {
                error = $"Between [ and ] stands an IPv6 address, as in {scheme}[2001:db8::1]:7000.";
                return false;
            }

            host = From(new IPEndPoint(bracketed, port));
        }
        else if (TryParsePlain(name, out var literal))
        {
            host = literal is null ? new(name.ToString().ToLowerInvariant(), port, null) : From(new IPEndPoint(literal, port));
        }
        else
        {
            error = "The host must be a name of letters, digits, '-', '_' and '.', an IPv4 address in four parts, "
                + "or an IPv6 address in brackets.";
            return false;
        }

        error = null;
        return true;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;

    private static bool TryParsePlain(ReadOnlySpan<char> host, out IPAddress? literal)
    {
        literal = null;
        if (host.Length is 0 or > HostCharsMax || host[0] is '.' or '-')
        {
            return false;
        }

        var numeric = true;
        foreach (var character in host)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.' or '_'))
            {
                return false;
            }

            numeric &= char.IsAsciiDigit(character) || character == '.';
        }

        // A host of digits and dots is an address or a mistake: "127.1" and "2130706433" are not guessed at.
        return !numeric || (host.Count('.') == 3 && IPAddress.TryParse(host, out literal));
    }
}
