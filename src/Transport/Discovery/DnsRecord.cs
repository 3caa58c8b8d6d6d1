using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>A resource record of a kind that service discovery needs.</summary>
/// <param name="Name">Whose it is, lower case.</param>
/// <param name="Seconds">How long it holds; 0 takes it back.</param>
internal abstract record DnsRecord(string Name, uint Seconds)
{
    /// <summary>A service has an instance.</summary>
    public sealed record Pointer(string Name, uint Seconds, string Target) : DnsRecord(Name, Seconds);

    /// <summary>An instance is at a port of a host.</summary>
    public sealed record Service(string Name, uint Seconds, int Port, string Host) : DnsRecord(Name, Seconds);

    /// <summary>What an instance says of itself.</summary>
    public sealed record Text(string Name, uint Seconds, IReadOnlyList<ReadOnlyMemory<byte>> Strings) : DnsRecord(Name, Seconds);

    /// <summary>A host has an address, of IPv4 (A) or IPv6 (AAAA); no scope is in it.</summary>
    public sealed record Address(string Name, uint Seconds, IPAddress Value) : DnsRecord(Name, Seconds);
}
