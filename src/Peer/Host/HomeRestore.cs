using System.Runtime.CompilerServices;
using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Transport.Crypto;

namespace Replica.Peer.Host;

/// <summary>Makes a home of a backup.</summary>
public static class HomeRestore
{
    /// <summary>Verifies the backup and makes a home of it; on a failure nothing is left of that.</summary>
    /// <param name="options">What, and where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Progress, and at last the sum.</returns>
    /// <exception cref="ReplicaException">
    /// The directory is not empty (<c>REPLICA_NOT_EMPTY</c>), the backup is damaged (the code with which sync refuses the change, or that of
    /// the damage) or no space, or its keys do not open (<c>REPLICA_PASSPHRASE_WRONG</c>, <c>REPLICA_PASSPHRASE_DUE</c>).
    /// </exception>
    public static async IAsyncEnumerable<IntegrityEvent> RunAsync(
        RestoreOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ReplicaHome.CheckNew(options.Space, null);
        CheckIsEmpty(options.Directory);
        var (space, sealedKeys) = ReadBackup(options.File);
        var (device, stored) = OpenKeys(options, sealedKeys);
        using var ownDevice = device;
        using var ownSecret = stored;
        if (stored is not null && stored.Space != space)
        {
            throw new ReplicaException("REPLICA_WRONG_SECRET", "The keys in the backup are another space's: it is damaged or was tampered with.");
        }

        var isNew = !Directory.Exists(options.Directory);
        _ = ReplicaHome.CreateDirectory(options.Directory);
        var isDone = false;
        try
        {
            using var held = HomeLock.Take(options.Directory, options.Holder);
            var work = new SpaceRestore(options.File, ReplicaHome.PathOf(options.Directory, options.Space));
            var changes = 0L;
            using var steps = work.Run(space, new DeviceIdentity(device), cancellationToken).GetEnumerator();
            while (IntegritySteps.Next(steps))
            {
                changes = steps.Current is IntegrityEvent.Verified verified ? verified.Summary.Changes : changes;
                if (steps.Current is IntegrityEvent.Progress)
                {
                    yield return steps.Current;
                }
            }

            Faults.Translate(() =>
            {
                // The device key makes a directory a home, so it comes last.
                var keys = KeyStore.Open(options.Directory);
                if (stored is not null)
                {
                    keys.StoreSecret(options.Space, space, stored.Secret);
                }

                keys.TakeDevice(device);
            });
            isDone = true;
            yield return new IntegrityEvent.Restored(new(options.Space, space.ToString(), changes, stored is not null));
        }
        finally
        {
            if (!isDone)
            {
                Clear(options.Directory, isNew);
            }
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>Whether a backup holds sealed keys.</summary>
    /// <exception cref="ReplicaException">It is no backup, or can't be read.</exception>
    public static bool HasKeys(string file) => ReadBackup(file).SealedKeys is not null;

    private static (SpaceId Space, byte[]? SealedKeys) ReadBackup(string file) => IntegritySteps.Translate(() => File.Exists(file)
        ? SpaceRestore.Read(file)
        : throw new FileNotFoundException($"There is no file '{file}'."));

    private static (DeviceKeyPair Device, StoredSecret? Secret) OpenKeys(RestoreOptions options, byte[]? sealedKeys)
    {
        if (sealedKeys is null && options.Passphrase is not null)
        {
            throw new ReplicaException("REPLICA_NO_KEYS", $"'{options.File}' holds no keys: restore it without a passphrase.");
        }

        if (sealedKeys is null || options.IsWithoutKeys)
        {
            return (DeviceKeyPair.Create(), null);
        }

        return options.Passphrase is { } passphrase
            ? Faults.Translate(() => KeySeal.Open(passphrase, sealedKeys))
            : throw new ReplicaException(
                "REPLICA_PASSPHRASE_DUE", $"'{options.File}' holds sealed keys: give their passphrase, or leave them out with --without-keys.");
    }

    private static void CheckIsEmpty(string directory)
    {
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new ReplicaException("REPLICA_NOT_EMPTY", $"'{directory}' is not empty: name a new directory; nothing is ever restored over something.");
        }
    }

    /// <summary>Removes what was made in the directory, which was empty.</summary>
    private static void Clear(string directory, bool isNew)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(directory))
        {
            File.Delete(file);
        }

        if (isNew)
        {
            Directory.Delete(directory);
        }
    }
}
