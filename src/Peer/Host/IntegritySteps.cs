using Replica.Peer.Store.Integrity;

namespace Replica.Peer.Host;

/// <summary>Runs long works on files, and gives each of their faults its stable code.</summary>
internal static class IntegritySteps
{
    /// <summary>The next step of a work.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ReplicaException">The work failed.</exception>
    public static bool Next(IEnumerator<IntegrityEvent> work) => Translate(work.MoveNext);

    /// <summary>Runs something on files.</summary>
    /// <exception cref="ReplicaException">It failed.</exception>
    public static T Translate<T>(Func<T> work)
    {
        try
        {
            return Faults.Translate(work);
        }
        catch (DamagedException damaged)
        {
            throw new ReplicaException(damaged.Code, damaged.Message, damaged);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ReplicaException("REPLICA_IO", fault.Message, fault);
        }
    }
}
