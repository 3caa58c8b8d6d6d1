namespace Replica.Transport.Relay;

/// <summary>How a listener stands with its relay.</summary>
/// <param name="Relay">The relay, as <c>wss://host:port</c>.</param>
/// <param name="RoutingKey">By what the relay knows this device.</param>
/// <param name="IsConnected">Whether the device can be dialled there now.</param>
/// <param name="IsPolling">Whether it goes by HTTP polling, because something blocks WebSockets.</param>
/// <param name="Latency">The time a sign of life took there and back; null before the first one.</param>
/// <param name="ClockAhead">How much the relay's clock is ahead of this one's.</param>
/// <param name="Problem">Why it is not connected; null if it is or never was.</param>
public sealed record RelayStatus(
    string Relay, DeviceKey RoutingKey, bool IsConnected, bool IsPolling, TimeSpan? Latency, TimeSpan ClockAhead, string? Problem);
