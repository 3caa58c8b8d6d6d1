namespace Replica.Transport.Noise;

/// <summary>The other side, or someone between, sent what no honest peer sends; the session has ended.</summary>
/// <param name="message">What came and what was allowed.</param>
/// <param name="inner">The cause below, if there was one.</param>
public sealed class SecureSessionException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable code, the same in logs, the command line and HTTP.</summary>
    public static string Code => "REPLICA_BAD_SESSION_MESSAGE";
}
