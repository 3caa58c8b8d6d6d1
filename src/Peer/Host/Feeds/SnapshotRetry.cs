using Replica.Peer.Store;

namespace Replica.Peer.Host.Feeds;

/// <summary>Reads from a snapshot of its own, anew where the store ended the snapshot to tidy up.</summary>
internal static class SnapshotRetry
{
    /// <summary>How often a reading begins; one that is ended so often competes with more writes than can be followed.</summary>
    private const int AttemptsMax = 8;

    /// <summary>What <paramref name="read"/> gives; nothing when the store closes.</summary>
    public static T? Read<T>(SpaceStore store, Func<IStoreReader, T> read)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var reader = store.OpenReader();
                return read(reader);
            }
            catch (StoreException fault) when (fault.Fault == StoreFault.SnapshotExpired && attempt < AttemptsMax)
            {
                // Nothing of it was handed out yet.
            }
            catch (StoreException) when (store.AreWatchesOver)
            {
                return null;
            }
        }
    }
}
