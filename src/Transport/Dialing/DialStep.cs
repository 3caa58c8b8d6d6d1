namespace Replica.Transport.Dialing;

/// <summary>What a <see cref="DialMachine"/> asks of the world.</summary>
/// <param name="Dial">Addresses to dial now; each is answered by one of the machine's events.</param>
/// <param name="Cancel">Addresses whose dial is not needed any more, unless it has become a session already.</param>
/// <param name="NextAt">When to ask again at the latest; null when nothing is due.</param>
public sealed record DialStep(IReadOnlyList<PeerAddress> Dial, IReadOnlyList<PeerAddress> Cancel, TimeSpan? NextAt);
