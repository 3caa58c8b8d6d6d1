using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Replica.Transport;

public abstract partial record PeerAddress
{
    /// <summary>A WebSocket address, <c>ws://host:port/path</c> or <c>wss://host:port/path</c>.</summary>
    public sealed record WebSocketHost : PeerAddress
    {
        private readonly HostText _host;

        private WebSocketHost(HostText host, string path, bool isSecure)
        {
            _host = host;
            Path = path;
            IsSecure = isSecure;
        }

        /// <summary>A name or an IP address, lower case, IPv6 without brackets; behind a link-local one may stand % and its interface.</summary>
        public string Host => _host.Host;

        /// <summary>1 to 65535, or 0 where a listener may choose; without one in the text 80, or 443 with TLS.</summary>
        public int Port => _host.Port;

        /// <summary>Begins with a slash; letters, digits and <c>-._~/</c>.</summary>
        public string Path { get; }

        /// <summary>Whether it is reached over TLS.</summary>
        public bool IsSecure { get; }

        /// <inheritdoc/>
        public override string Source => _host.Source;

        /// <inheritdoc/>
        public override bool IsOnLink => _host.IsOnLink;

        /// <summary>The host as an IP address; null when it is a name that must be looked up.</summary>
        internal IPAddress? Literal => _host.Literal;

        /// <summary>The address as a URI that HTTP clients take.</summary>
        public Uri ToUri() => new($"{Scheme}{_host.InUri}:{Port}{Path}");

        /// <summary>The same address at another port: the one that a listener was given.</summary>
        public WebSocketHost WithPort(int port) => new(_host with { Port = port }, Path, IsSecure);

        /// <summary>The same address with another host: one of those that a listener at any address is reached by.</summary>
        public WebSocketHost WithHost(IPAddress host) => new(HostText.From(new IPEndPoint(host, Port)), Path, IsSecure);

        /// <summary>Makes the address of the other end of an accepted WebSocket.</summary>
        /// <param name="endPoint">Where it came from.</param>
        /// <param name="isSecure">Whether it came over TLS.</param>
        public static WebSocketHost From(IPEndPoint endPoint, bool isSecure) => new(HostText.From(endPoint), "/", isSecure);

        /// <inheritdoc/>
        public bool Equals(WebSocketHost? other) =>
            other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

        /// <inheritdoc/>
        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

        /// <inheritdoc/>
        public override string ToString() => $"{Scheme}{_host.InUri}:{Port}{Path}";

        private string Scheme => IsSecure ? "wss://" : "ws://";

        internal static bool TryParseRest(
            ReadOnlySpan<char> rest, bool isSecure, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
        {
            address = null;
            var slash = rest.IndexOf('/');
            var path = slash < 0 ? "/" : rest[slash..].ToString();
            if (!HostText.TryParse(
                slash < 0 ? rest : rest[..slash], isSecure ? "wss://" : "ws://", isSecure ? 443 : 80, out var host, out error))
            {
                return false;
            }

            if (!path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '/'))
            {
                error = "The path of a WebSocket address has letters, digits and -._~/ only, as in wss://peer.example/replica.";
                return false;
            }

            address = new WebSocketHost(host, path, isSecure);
            return true;
        }
    }
}
