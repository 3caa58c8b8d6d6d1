using System.Runtime.CompilerServices;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;

namespace Replica.Peer.Host;

/// <content>Checking and saving the space's file.</content>
public sealed partial class ReplicaSpace
{
    private int _isVerifying;
    private int _isSaving;

    /// <summary>
    /// Checks a snapshot of the space while it is in use: every chain and signature, the state against the one that the log gives,
    /// and the file. Takes as much room on disk as the space has, for as long as it runs.
    /// </summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Progress, damages as they are found, and at last the sum. Enumerate to the end or dispose.</returns>
    /// <exception cref="ReplicaException">
    /// One runs already (<c>REPLICA_BUSY</c>), or the file can't be read or the comparison written.
    /// </exception>
    public async IAsyncEnumerable<IntegrityEvent> VerifyAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isVerifying, 1) != 0)
        {
            throw new ReplicaException("REPLICA_BUSY", $"The space '{Name}' is being verified already: wait for that to end.");
        }

        try
        {
            var path = _home.FileOf(Name);
            var isReadOnly = _home.IsReadOnlyFile(path);
            using var scratch = IntegritySteps.Translate(() => ScratchFolder.For(path, _home.IsReadOnly));
            var work = new SpaceVerification(path, scratch.Path, Id, _home.CreateIdentity()) { IsReadOnly = isReadOnly };
            using var steps = work.Run(cancellationToken).GetEnumerator();
            while (IntegritySteps.Next(steps))
            {
                yield return steps.Current;
            }
        }
        finally
        {
            Volatile.Write(ref _isVerifying, 0);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>Saves a snapshot of the space into one new file while it is in use. Nothing shows under the name before it is complete.</summary>
    /// <param name="file">The file to make, as a full path.</param>
    /// <param name="passphrase">Seals the device key and the space's secret into it; null saves the database alone.</param>
    /// <param name="cancellationToken">Ends it; nothing is left.</param>
    /// <returns>Progress in bytes, and at last the sum. Enumerate to the end or dispose.</returns>
    /// <exception cref="ReplicaException">
    /// One is made already (<c>REPLICA_BUSY</c>), there is such a file (<c>REPLICA_FILE_EXISTS</c>),
    /// this device has no secret to seal (<c>REPLICA_NOT_ADMITTED</c>), a page can't be
    /// read, or the file can't be written.
    /// </exception>
    public async IAsyncEnumerable<IntegrityEvent> BackupAsync(
        string file, Passphrase? passphrase = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!Path.IsPathFullyQualified(file))
        {
            throw new ReplicaException("REPLICA_INVALID", $"'{file}' is no full path: the process that holds the home may be elsewhere.");
        }

        if (Path.Exists(file))
        {
            throw new ReplicaException(
                "REPLICA_FILE_EXISTS", $"'{file}' is there already: name a new file; a backup is never written over another.");
        }

        var keys = passphrase is null ? null : _space.Secret is { } secret
            ? _home.SealKeys(passphrase, Id, secret)
            : throw new ReplicaException(
                NotAdmittedException.Code, $"This device has no secret of '{Name}' to seal: connect to a member with a ticket first.");
        if (Interlocked.Exchange(ref _isSaving, 1) != 0)
        {
            throw new ReplicaException("REPLICA_BUSY", $"A backup of the space '{Name}' is being made already: wait for that to end.");
        }

        try
        {
            var isReadOnly = _home.IsReadOnlyFile(_home.FileOf(Name));
            using var backup = IntegritySteps.Translate(() => new SpaceBackup(_home.FileOf(Name), file, isReadOnly));
            using var steps = backup.Copy(keys, cancellationToken).GetEnumerator();
            while (IntegritySteps.Next(steps))
            {
                yield return steps.Current;
            }

            // What lies in the copy must not get lost here: this log would then say something else at the same place.
            if (!isReadOnly)
            {
                await Faults.TranslateAsync(FlushAsync(cancellationToken));
            }

            yield return IntegritySteps.Translate(() => backup.Publish(keys is not null));
        }
        finally
        {
            Volatile.Write(ref _isSaving, 0);
        }
    }

    private async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await _space.Store.FlushAsync(cancellationToken);
        return true;
    }
}
