namespace Replica.Peer.Store.Integrity;

/// <summary>A backup is damaged, so nothing was made of it.</summary>
/// <param name="damage">The first damage that was found.</param>
public sealed class DamagedException(Damage damage)
    : Exception($"The backup is damaged: {damage.Subject}: {damage.Detail}. Nothing was restored; take another backup, or join again from a peer.")
{
    /// <summary>The stable code: that with which sync refuses such a change, or that of the damage.</summary>
    public string Code => Damage.Cause ?? Damage.Code;

    /// <summary>The damage.</summary>
    public Damage Damage { get; } = damage;
}
