namespace Replica.Peer.Host;

/// <summary>What became of a home's identity.</summary>
/// <param name="OldDevice">The device key before, hex.</param>
/// <param name="NewDevice">The device key now, hex.</param>
/// <param name="KeptIn">The folder with the old keys. They are secrets: delete it once the spaces are joined again.</param>
/// <param name="Spaces">The spaces that need a ticket, by name.</param>
public sealed record IdentityRenewal(string OldDevice, string NewDevice, string KeptIn, IReadOnlyList<string> Spaces);
