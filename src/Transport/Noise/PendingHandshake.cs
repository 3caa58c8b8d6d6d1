namespace Replica.Transport.Noise;

/// <summary>A place in a <see cref="HandshakeGate"/>, given back by disposing it.</summary>
public sealed class PendingHandshake : IDisposable
{
    private readonly HandshakeGate _gate;

    internal PendingHandshake(HandshakeGate gate, IConnection connection, string source)
    {
        _gate = gate;
        Connection = connection;
        Source = source;
    }

    /// <summary>The connection that is aborted if a newcomer needs the place.</summary>
    internal IConnection Connection { get; }

    /// <summary>What the limit for one address counts under.</summary>
    internal string Source { get; }

    /// <summary>Where it stands in the gate's two queues; null once it left. Guarded by the gate's lock.</summary>
    internal (LinkedListNode<PendingHandshake> InAll, LinkedListNode<PendingHandshake> InSource)? Nodes { get; set; }

    /// <summary>Gives the place back. May be called repeatedly.</summary>
    public void Dispose() => _gate.Leave(this);
}
