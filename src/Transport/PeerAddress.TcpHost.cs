using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Replica.Transport;

public abstract partial record PeerAddress
{
    /// <summary>A TCP address, <c>tcp://host:port</c>.</summary>
    public sealed record TcpHost : PeerAddress
    {
        private const int HostCharsMax = 253;

        private TcpHost(string host, int port, IPAddress? literal)
        {
            Host = host;
            Port = port;
            Literal = literal;
        }

        /// <summary>A name or an IP address, lower case, IPv6 without brackets.</summary>
        public string Host { get; }

        /// <summary>1 to 65535, or 0 where a listener may choose.</summary>
        public int Port { get; }

        /// <inheritdoc/>
        public override string Source => Literal is { AddressFamily: AddressFamily.InterNetworkV6 } address
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "/64"
            : Host;

        /// <summary>The host as an IP address; null when it is a name that must be looked up.</summary>
        internal IPAddress? Literal { get; }

        /// <summary>Makes the address of an end point; an IPv4 address dressed as IPv6 becomes plain IPv4.</summary>
        public static TcpHost From(IPEndPoint endPoint)
        {
            var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
            return new TcpHost(address.ToString(), endPoint.Port, address);
        }

        /// <inheritdoc/>
        public bool Equals(TcpHost? other) =>
            other is not null && Port == other.Port && string.Equals(Host, other.Host, StringComparison.Ordinal);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Host, Port);

        /// <inheritdoc/>
        public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
            ? $"tcp://[{Host}]:{Port}"
            : $"tcp://{Host}:{Port}";

        internal static bool TryParseRest(
            ReadOnlySpan<char> rest, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
        {
            address = null;
            var colon = rest.LastIndexOf(':');
            if (colon < 0 || !TryParsePort(rest[(colon + 1)..], out var port))
            {
                error = "A tcp:// address ends in a port from 0 to 65535, as in tcp://192.0.2.1:7000.";
                return false;
            }

            var host = rest[..colon];
            IPAddress? literal;
            if (host is ['[', .. var inner, ']'])
            {
                if (!IPAddress.TryParse(inner, out literal) || literal.AddressFamily != AddressFamily.InterNetworkV6)
                {
                    error = "Between [ and ] stands an IPv6 address, as in tcp://[2001:db8::1]:7000.";
                    return false;
                }
            }
            else if (!TryParsePlainHost(host, out literal))
            {
                error = "The host must be a name of letters, digits, '-', '_' and '.', an IPv4 address in four parts, "
                    + "or an IPv6 address in brackets.";
                return false;
            }

            error = null;
            address = literal is null
                ? new TcpHost(host.ToString().ToLowerInvariant(), port, literal: null)
                : From(new IPEndPoint(literal, port));
            return true;
        }

        private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;

        private static bool TryParsePlainHost(ReadOnlySpan<char> host, out IPAddress? literal)
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
}
