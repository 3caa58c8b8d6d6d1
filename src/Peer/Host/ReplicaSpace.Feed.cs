using System.Runtime.CompilerServices;
using Replica.Peer.Host.Feeds;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <content>The feed of committed changes.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>
    /// The committed changes behind a position, this device's and others', each once, in the order in which they took effect
    /// here; then each new one as soon as it is on disk. Ends when the space is closed.
    /// </summary>
    /// <remarks>
    /// It reads from the log and is only woken by commits: a slow reader holds up nobody, misses nothing and costs one page of
    /// memory, at most 256 changes and about 1 MiB. Any number may read at once.
    /// </remarks>
    /// <param name="after">Where to begin: <see cref="ChangePosition.Start"/>, or the position of the last change that was dealt with.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaException">
    /// The position is not of this copy (<c>REPLICA_POSITION_UNKNOWN</c>): after a restore or repair the changes may come in
    /// another order. Or the store failed.
    /// </exception>
    public IAsyncEnumerable<SpaceChange> WatchChangesAsync(ChangePosition after, CancellationToken cancellationToken = default) =>
        FollowAsync(after, isEndless: true, cancellationToken);

    /// <summary>The committed changes behind a position up to the last one that is there, as <see cref="WatchChangesAsync"/> gives them.</summary>
    /// <param name="after">Where to begin.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaException">The position is not of this copy (<c>REPLICA_POSITION_UNKNOWN</c>), or the store failed.</exception>
    public IAsyncEnumerable<SpaceChange> ReadChangesAsync(ChangePosition after, CancellationToken cancellationToken = default) =>
        FollowAsync(after, isEndless: false, cancellationToken);

    /// <summary>The position behind the last change that is on disk: a feed from there gives what is new from now on.</summary>
    /// <remarks>What is read after this shows at least all changes before it, so nothing is missed between the two.</remarks>
    public Task<ChangePosition> GetPositionAsync(CancellationToken cancellationToken = default) =>
        Faults.TranslateAsync(ChangeCursor.FindEndAsync(_space.Store, cancellationToken));

    /// <summary>
    /// Ends all feeds, live queries and watches of presence of this space, as closing it does; later ones end after what is there.
    /// Reads and writes go on. For a program that stops in order: those who follow first, then those who write.
    /// </summary>
    public void EndWatches() => _space.Store.EndWatches();

    private async IAsyncEnumerable<SpaceChange> FollowAsync(
        ChangePosition after, bool isEndless, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = await OpenCursorAsync(after, isEndless, cancellationToken);
        if (cursor is null)
        {
            yield break;
        }

        do
        {
            while (Faults.Translate(cursor.ReadPage) is { Count: > 0 } page)
            {
                foreach (var change in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return change;
                }
            }
        }
        while (isEndless && await cursor.WaitAsync(cancellationToken));
    }

    /// <returns>Null for a feed that was begun while the space closed: it ends, as one that was begun a moment before.</returns>
    private async Task<ChangeCursor?> OpenCursorAsync(ChangePosition after, bool isEndless, CancellationToken cancellationToken)
    {
        try
        {
            return await Faults.TranslateAsync(ChangeCursor.OpenAsync(
                _space.Store, new(Crdt.Causality.Bytes32.FromBytes(_home.Device.ToArray())), after, cancellationToken));
        }
        catch (ReplicaException closed) when (
            isEndless && closed.InnerException is StoreException { Fault: StoreFault.Closed } && _space.Store.AreWatchesOver)
        {
            return null;
        }
    }
}
