using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Host;

/// <content>What a home finds when it is opened, also after a process that died half-way.</content>
public sealed partial class ReplicaHome
{
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory, $"*{SpaceSuffix}").Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileNameWithoutExtension(path);
            if (new FileInfo(path).Length > 0)
            {
                await LoadSpaceAsync(name, path);
            }
        }

        // A join that was interrupted has its ticket and no file yet.
        foreach (var name in _keys.PendingNames.Where(name => !IsReadOnly && !_spaces.ContainsKey(name)).ToArray())
        {
            await LoadSpaceAsync(name, PathOf(name));
        }
    }

    private async Task LoadSpaceAsync(string name, string path)
    {
        var pending = Faults.Translate(() => _keys.TryLoadTicket(name));
        var stored = Faults.Translate(() => _keys.TryLoadSecret(name));
        // A database without a table is a founding that was interrupted before its commit: it opens as an empty store, and goes.
        var store = OpenStore(path, pending?.DisplayName, mayCreate: true);
        if (store.Space is null && pending is not null && !IsReadOnly)
        {
            _ = await Faults.TranslateAsync(store.JoinAsync(pending.Ticket.Space, Durability.Full, CancellationToken.None));
        }

        if (store.Space is not { } id)
        {
            if (IsReadOnly)
            {
                await store.DisposeAsync();
                return;
            }

            // Nothing of it was confirmed.
            await DropAsync(store, path);
            return;
        }

        if (stored is { } secret && secret.Space != id)
        {
            await store.DisposeAsync();
            throw new ReplicaException(
                "REPLICA_WRONG_SECRET", $"The secret kept for '{name}' is another space's: put the right keys folder back.");
        }

        var known = stored?.Secret;
        if (known is null && pending is null && !IsReadOnly && await Faults.TranslateAsync(store.QueryAsync(IsJustFounded, CancellationToken.None)))
        {
            // A founding that was interrupted behind its commit: nobody can have been told the secret, so that a new one will do.
            known = SpaceSecret.Create();
            Faults.Translate(() => _keys.StoreSecret(name, id, known));
        }

        _ = Add(name, store, id, known, known is null ? pending : null);
    }

    /// <summary>Whether there is nothing but this device's own founding. A power cut may have taken what lies beside it, which ends its log.</summary>
    private static bool IsJustFounded(SpaceLedger ledger) => ledger.LastArrival == 1
        && (ledger.OwnBranch is not null || ledger.Ended is
        {
            Reason: IncarnationReason.NoSidecar or IncarnationReason.DamagedSidecar or IncarnationReason.PowerLost,
        });
}
