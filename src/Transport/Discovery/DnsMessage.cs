namespace Replica.Transport.Discovery;

/// <summary>A multicast DNS message.</summary>
/// <param name="IsResponse">Whether it answers; else it asks.</param>
/// <param name="Questions">What is asked for.</param>
/// <param name="Records">The records of all sections that are of a known type.</param>
internal sealed record DnsMessage(bool IsResponse, IReadOnlyList<DnsQuestion> Questions, IReadOnlyList<DnsRecord> Records);
