using Replica.Peer.Membership;

namespace Replica.Peer.Host;

/// <summary>Gives a copied home a device key of its own.</summary>
public static class HomeIdentity
{
    /// <summary>
    /// Draws a new device key. Every space keeps its data and its logs; like after a restore without keys, it can be read, and asks
    /// for a ticket before it writes or syncs. The old keys are kept in a folder beside the new one.
    /// </summary>
    /// <param name="directory">The home; no process may hold it.</param>
    /// <param name="holder">What to tell others who want the home meanwhile.</param>
    /// <param name="time">The clock, for the name of the folder.</param>
    /// <exception cref="ReplicaException">It is no home (<c>REPLICA_NOT_A_HOME</c>), is held (<c>REPLICA_LOCKED</c>), or can't be written.</exception>
    public static IdentityRenewal Renew(string directory, string holder, TimeProvider time)
    {
        if (!ReplicaHome.IsHome(directory))
        {
            throw ReplicaHome.NoHome(directory);
        }

        using var held = HomeLock.Take(directory, holder);
        return Faults.Translate(() =>
        {
            var keys = KeyStore.Open(directory);
            var spaces = keys.SpaceNames.Union(keys.PendingNames, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            var before = keys.LoadOrCreateDevice();
            var old = before.PublicKey.ToString();
            before.Dispose();
            var kept = keys.RenewDevice($"replaced-{time.GetUtcNow().ToUnixTimeMilliseconds()}");
            using var made = keys.LoadOrCreateDevice();
            return new IdentityRenewal(old, made.PublicKey.ToString(), kept, spaces);
        });
    }
}
