using Replica.Crdt.Changes;

namespace Replica.Peer.Host;

/// <summary>A device that was let into a space, as it is known here.</summary>
/// <param name="Device">Its device key, hex.</param>
/// <param name="Name">What it calls itself: anyone may call itself anything.</param>
/// <param name="Role">Its role now.</param>
/// <param name="IsOwn">Whether it is this device.</param>
/// <param name="Invitation">The invitation it came in by, hex; nothing for the founder.</param>
/// <param name="Sponsor">The device key of who let it in, hex; nothing for the founder.</param>
/// <param name="IsSurplus">Whether it came in by an invitation that let in more devices than it may.</param>
public sealed record MemberSnapshot(
    string Device, string Name, Role Role, bool IsOwn, string? Invitation, string? Sponsor, bool IsSurplus);
