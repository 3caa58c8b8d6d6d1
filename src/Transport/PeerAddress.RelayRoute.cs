using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport;

public abstract partial record PeerAddress
{
    /// <summary>A device behind a relay, <c>relay+wss://relay-host:port/#routing-key</c>; <c>relay+ws</c> without TLS.</summary>
    public sealed record RelayRoute : PeerAddress
    {
        private readonly HostText _relay;

        private RelayRoute(HostText relay, bool isSecure, DeviceKey routingKey)
        {
            _relay = relay;
            IsSecure = isSecure;
            RoutingKey = routingKey;
        }

        /// <summary>Whether the relay is reached over TLS.</summary>
        public bool IsSecure { get; }

        /// <summary>By what the relay knows the device; all zero for the relay itself.</summary>
        public DeviceKey RoutingKey { get; }

        /// <summary>The relay as it is dialled: <c>host:port</c>, lower case, always with the port. It is signed when a device logs in.</summary>
        public string Authority => $"{_relay.InUri}:{_relay.Port}";

        /// <summary>The relay alone, as a user writes it: <c>wss://host:port</c>.</summary>
        public string Relay => $"{(IsSecure ? "wss" : "ws")}://{Authority}";

        /// <inheritdoc/>
        public override string Source => ToString();

        /// <inheritdoc/>
        public override bool IsOnLink => _relay.IsOnLink;

        /// <summary>The same relay, and behind it the device with this key.</summary>
        public RelayRoute To(DeviceKey routingKey) => new(_relay, IsSecure, routingKey);

        /// <summary>A resource of the relay.</summary>
        /// <param name="path">Begins with a slash.</param>
        /// <param name="isWebSocket">Whether the URI is for a WebSocket; else for HTTP.</param>
        public Uri ToUri(string path, bool isWebSocket) =>
            new($"{(isWebSocket ? "ws" : "http")}{(IsSecure ? "s" : "")}://{Authority}{path}");

        /// <summary>Reads a relay as a user writes it: <c>wss://host</c>, <c>wss://host:port</c>, or with <c>ws</c> without TLS.</summary>
        /// <param name="text">What was written.</param>
        /// <param name="relay">The relay, with the zero key.</param>
        /// <param name="error">Otherwise what is wrong with it.</param>
        public static bool TryParseRelay(
            string? text, [NotNullWhen(true)] out RelayRoute? relay, [NotNullWhen(false)] out string? error)
        {
            relay = null;
            var isSecure = text?.StartsWith("wss://", StringComparison.OrdinalIgnoreCase) == true;
            if (text is null || text.Length > TextCharsMax || !(isSecure || text.StartsWith("ws://", StringComparison.OrdinalIgnoreCase)))
            {
                error = "A relay is written wss://host or wss://host:port; ws:// goes without TLS.";
                return false;
            }

            return TryParseRelayRest(text.AsSpan(isSecure ? 6 : 5), isSecure, out relay, out error);
        }

        /// <inheritdoc/>
        public bool Equals(RelayRoute? other) =>
            other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

        /// <inheritdoc/>
        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

        /// <inheritdoc/>
        public override string ToString() => $"relay+{Relay}/#{RoutingKey}";

        internal static bool TryParseRest(
            ReadOnlySpan<char> rest, bool isSecure, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
        {
            address = null;
            var sign = rest.IndexOf('#');
            if (sign < 0 || !DeviceKey.TryParse(rest[(sign + 1)..].ToString(), out var key))
            {
                error = "After the # of a relay address stands the routing key: 64 hex digits.";
                return false;
            }

            address = TryParseRelayRest(rest[..sign], isSecure, out var relay, out error) ? relay.To(key) : null;
            return address is not null;
        }

        private static bool TryParseRelayRest(
            ReadOnlySpan<char> rest, bool isSecure, [NotNullWhen(true)] out RelayRoute? relay, [NotNullWhen(false)] out string? error)
        {
            relay = HostText.TryParse(rest.TrimEnd('/'), isSecure ? "wss://" : "ws://", isSecure ? 443 : 80, out var host, out error)
                ? new RelayRoute(host, isSecure, default)
                : null;
            return relay is not null;
        }
    }
}
