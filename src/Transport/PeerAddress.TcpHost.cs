using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Replica.Transport;

public abstract partial record PeerAddress
{
    /// <summary>A TCP address, <c>tcp://host:port</c>.</summary>
    public sealed record TcpHost : PeerAddress
    {
        private readonly HostText _host;

        private TcpHost(HostText host) => _host = host;

        /// <summary>A name or an IP address, lower case, IPv6 without brackets; behind a link-local one may stand % and its interface.</summary>
        public string Host => _host.Host;

        /// <summary>1 to 65535, or 0 where a listener may choose.</summary>
        public int Port => _host.Port;

        /// <inheritdoc/>
        public override string Source => _host.Source;

        /// <inheritdoc/>
        public override bool IsOnLink => _host.IsOnLink;

        /// <summary>The host as an IP address; null when it is a name that must be looked up.</summary>
        internal IPAddress? Literal => _host.Literal;

        /// <summary>Makes the address of an end point; an IPv4 address dressed as IPv6 becomes plain IPv4.</summary>
        public static TcpHost From(IPEndPoint endPoint) => new(HostText.From(endPoint));

        /// <inheritdoc/>
        public bool Equals(TcpHost? other) =>
            other is not null && Port == other.Port && string.Equals(Host, other.Host, StringComparison.Ordinal);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Host, Port);

        /// <inheritdoc/>
        public override string ToString() => $"tcp://{_host.InUri}:{Port}";

        internal static bool TryParseRest(
            ReadOnlySpan<char> rest, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
        {
            address = HostText.TryParse(rest, "tcp://", null, out var host, out error) ? new TcpHost(host) : null;
            return address is not null;
        }
    }
}
