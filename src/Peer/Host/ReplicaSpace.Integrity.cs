using System.Runtime.CompilerServices;
using Replica.Peer.Store.Verification;

namespace Replica.Peer.Host;

/// <content>Checking the space's file.</content>
public sealed partial class ReplicaSpace
{
    private int _isVerifying;

    /// <summary>
    /// Checks a snapshot of the space while it is in use: every chain and signature, the state against the one that the log gives,
    /// and the file. Takes as much room on disk as the space has, for as long as it runs.
    /// </summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Progress, damages as they are found, and at last the sum. Enumerate to the end or dispose.</returns>
    /// <exception cref="ReplicaException">
    /// One runs already (<c>REPLICA_BUSY</c>), or the file can't be read or the comparison written.
    /// </exception>
    public async IAsyncEnumerable<VerifyEvent> VerifyAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isVerifying, 1) != 0)
        {
            throw new ReplicaException("REPLICA_BUSY", $"The space '{Name}' is being verified already: wait for that to end.");
        }

        try
        {
            var path = _home.FileOf(Name);
            var work = new SpaceVerification(path, path + ReplicaHome.ScratchSuffix, Id, _home.CreateIdentity());
            using var steps = work.Run(cancellationToken).GetEnumerator();
            while (Faults.Translate(steps.MoveNext))
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
}
