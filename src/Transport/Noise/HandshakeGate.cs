namespace Replica.Transport.Noise;

/// <summary>Bounds the handshakes that strangers keep open, so that silent connections never shut out an honest one.</summary>
/// <remarks>
/// At a limit the oldest pending handshake is closed in favour of the newcomer: who stalls on purpose loses, who is quick
/// gets through. Safe for use by several threads. Source: docs/protocol.md, section 2.
/// </remarks>
public sealed class HandshakeGate
{
    /// <summary>Pending handshakes for one source address (<see cref="PeerAddress.Source"/>).</summary>
    public const int PendingPerSourceMax = 64;

    /// <summary>Pending handshakes in all.</summary>
    public const int PendingMax = 1024;

    /// <summary>Pending handshakes of all link-local addresses, which a neighbour makes up as it likes (<see cref="PeerAddress.IsOnLink"/>).</summary>
    public const int PendingOnLinkMax = PendingMax / 2;

    private readonly Lock _lock = new();
    private readonly LinkedList<PendingHandshake> _all = new();
    private readonly Dictionary<string, LinkedList<PendingHandshake>> _bySource = new(StringComparer.Ordinal);
    private int _onLink;

    /// <summary>How many handshakes are pending now.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Counts a freshly accepted connection; dispose the result when its handshake has ended, either way.</summary>
    /// <remarks>If it is closed for a newcomer's sake, the connection is aborted and its handshake fails.</remarks>
    public PendingHandshake Enter(IConnection connection)
    {
        PendingHandshake entered;
        PendingHandshake? evicted = null;
        lock (_lock)
        {
            var source = connection.RemoteAddress.Source;
            if (_bySource.TryGetValue(source, out var siblings) && siblings.Count >= PendingPerSourceMax)
            {
                evicted = siblings.First!.Value;
            }
            else if (_onLink >= PendingOnLinkMax && connection.RemoteAddress.IsOnLink)
            {
                evicted = _all.First(static one => one.Connection.RemoteAddress.IsOnLink);
            }
            else if (_all.Count >= PendingMax)
            {
                evicted = _all.First!.Value;
            }

            if (evicted is not null)
            {
                Remove(evicted);
            }

            entered = new PendingHandshake(this, connection, source);
            Add(entered);
        }

        // Outside the lock: aborting may run the evicted handshake's continuation.
        evicted?.Connection.Abort(new TransportException(
            TransportFailure.ConnectionLost,
            $"The handshake with {evicted.Connection.RemoteAddress} was closed in favour of a newer one: too many are pending."));
        return entered;
    }

    /// <summary>Takes a handshake out of the count, if it is still there.</summary>
    internal void Leave(PendingHandshake handshake)
    {
        lock (_lock)
        {
            Remove(handshake);
        }
    }

    private void Add(PendingHandshake handshake)
    {
        if (!_bySource.TryGetValue(handshake.Source, out var siblings))
        {
            siblings = new LinkedList<PendingHandshake>();
            _bySource.Add(handshake.Source, siblings);
        }

        handshake.Nodes = (_all.AddLast(handshake), siblings.AddLast(handshake));
        _onLink += handshake.Connection.RemoteAddress.IsOnLink ? 1 : 0;
    }

    private void Remove(PendingHandshake handshake)
    {
        if (handshake.Nodes is not ({ } node, { } sibling))
        {
            return;
        }

        handshake.Nodes = null;
        _onLink -= handshake.Connection.RemoteAddress.IsOnLink ? 1 : 0;
        _all.Remove(node);
        var siblings = sibling.List!;
        siblings.Remove(sibling);
        if (siblings.Count == 0)
        {
            _bySource.Remove(handshake.Source);
        }
    }
}
