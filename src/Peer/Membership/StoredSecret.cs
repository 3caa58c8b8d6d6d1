using Replica.Crdt.Causality;

namespace Replica.Peer.Membership;

/// <summary>A space that this device is a member of, as the key store knows it. Zeroed when disposed.</summary>
/// <param name="Space">The space.</param>
/// <param name="Secret">Its secret, which belongs to this object.</param>
public sealed record StoredSecret(SpaceId Space, SpaceSecret Secret) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Secret.Dispose();
}
