using Replica.Crdt.Changes;

namespace Replica.Peer.Host;

/// <summary>An invitation as it is known here; without its ticket, which only its holder has.</summary>
/// <param name="Invitation">Its public key, hex.</param>
/// <param name="Role">The role it gives.</param>
/// <param name="Uses">How many devices it may let in.</param>
/// <param name="Expires">When its time is over.</param>
/// <param name="State">Whether it still lets anyone in.</param>
/// <param name="Admitted">The device keys that came in by it, hex, ascending.</param>
public sealed record InvitationSnapshot(
    string Invitation, Role Role, ulong Uses, DateTimeOffset Expires, InvitationState State, IReadOnlyList<string> Admitted);
