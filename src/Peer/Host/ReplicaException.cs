namespace Replica.Peer.Host;

/// <summary>An operation on a home or a space failed for a reason that a user can act on.</summary>
/// <param name="code">The stable code, such as <c>REPLICA_NOT_FOUND</c>: the same in exceptions, CLI, HTTP and logs.</param>
/// <param name="message">What happened, to what, what was allowed, what to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class ReplicaException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Of <c>REPLICA_LOCKED</c>: who holds the home, as it named itself in <see cref="HomeOptions.Holder"/>, and its process.</summary>
    public string? Holder { get; init; }
}
