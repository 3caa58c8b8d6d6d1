namespace Replica.Transport.Discovery;

/// <summary>The record types that service discovery needs; others are skipped.</summary>
internal enum DnsType
{
    A = 1,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Any = 255,
}
