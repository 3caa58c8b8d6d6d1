namespace Replica.Transport.Discovery;

/// <summary>What somebody asks for.</summary>
/// <param name="Name">The name, lower case.</param>
/// <param name="Type">The type.</param>
/// <param name="WantsUnicast">Whether the answer may come to the asker alone.</param>
internal readonly record struct DnsQuestion(string Name, DnsType Type, bool WantsUnicast);
