using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Replica.Transport;

/// <summary>The part <c>host:port</c> of an address, checked and in its canonical form.</summary>
/// <param name="Host">A name or an IP address, lower case, IPv6 without brackets.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Literal">The host as an IP address; null when it is a name. The name of an interface behind it is not in it.</param>
internal readonly record struct HostText(string Host, int Port, IPAddress? Literal)
{
    private const int HostCharsMax = 253;
    private const int ZoneCharsMax = 15;
    private const char ZoneSign = '%';
    private static readonly SearchValues<char> Numeric = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._");

    /// <summary>The host as it stands in a URI: IPv6 in brackets.</summary>
    public string InUri => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>Whether it means something on one link of this computer alone: <c>fe80::…</c> of IPv6.</summary>
    public bool IsOnLink => Literal is { IsIPv6LinkLocal: true };

    /// <summary>
    /// What limits for one address count under: the host, or of an IPv6 address its first 64 bits. All hosts of a link have these
    /// in common in their link-local addresses, which therefore count whole: else one neighbour would shut out all others.
    /// </summary>
    public string Source => Literal is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false } address
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
            if (!TryParseBracketed(inner, port, out host))
            {
                error = $"Between [ and ] stands an IPv6 address, as in {scheme}[2001:db8::1]:7000; "
                    + "a link-local one with its interface, as in [fe80::1%eth0].";
                return false;
            }
        }
        else if (name is "*")
        {
            // All addresses of this computer, of both families.
            host = From(new IPEndPoint(IPAddress.IPv6Any, port));
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

    /// <summary>Reads an IPv6 address, which may end in <c>%</c> and the number or the name of an interface if it is link-local.</summary>
    private static bool TryParseBracketed(ReadOnlySpan<char> inner, int port, out HostText host)
    {
        host = default;
        var sign = inner.IndexOf(ZoneSign);
        var zone = sign < 0 ? default : inner[(sign + 1)..];
        if (!IPAddress.TryParse(sign < 0 ? inner : inner[..sign], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6
            || (sign >= 0 && !address.IsIPv6LinkLocal))
        {
            return false;
        }

        if (uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            address.ScopeId = number;
            host = From(new IPEndPoint(address, port));
            return number > 0;
        }

        // The name stays: the number behind it may be another one when it is dialled.
        host = From(new IPEndPoint(address, port));
        host = sign < 0 ? host : host with { Host = $"{host.Host}{inner[sign..]}" };
        return sign < 0 || (zone.Length is > 0 and <= ZoneCharsMax && !zone.ContainsAnyExcept(Plain));
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;

    private static bool TryParsePlain(ReadOnlySpan<char> host, out IPAddress? literal)
    {
        literal = null;
        if (host.Length is 0 or > HostCharsMax || host[0] is '.' or '-' || host.ContainsAnyExcept(Plain))
        {
            return false;
        }

        // A host of digits and dots is an address or a mistake: "127.1" and "2130706433" are not guessed at.
        return host.ContainsAnyExcept(Numeric) || (host.Count('.') == 3 && IPAddress.TryParse(host, out literal));
    }
}
