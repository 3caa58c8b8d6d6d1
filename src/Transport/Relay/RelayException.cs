namespace Replica.Transport.Relay;

/// <summary>The other end of a relay connection broke the protocol of <see cref="RelayFrame"/>. Close; do not retry at once.</summary>
/// <param name="message">What came, and what was allowed.</param>
public sealed class RelayException(string message) : Exception(message);
