namespace Replica.Transport.Memory;

/// <summary>Connects peers of one process without a network: the addresses <c>memory:name</c> of one instance.</summary>
/// <remarks>Names are known only within one instance. Safe for use by several threads.</remarks>
public sealed class MemoryTransport : ITransport
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryListener> _listeners = new(StringComparer.Ordinal);
    private long _dialled;

    /// <inheritdoc/>
    public bool CanReach(PeerAddress address) => address is PeerAddress.InMemory;

    /// <inheritdoc/>
    public ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Name(address);
        MemoryListener? listener;
        lock (_lock)
        {
            _listeners.TryGetValue(name, out listener);
        }

        var dialler = PeerAddress.Parse($"memory:{name}.dialler-{Interlocked.Increment(ref _dialled)}");
        var (near, far) = MemoryConnection.Pair(dialler, address);
        if (listener is null || !listener.TryOffer(far))
        {
            throw new TransportException(
                TransportFailure.Refused, $"Nobody accepts connections at {address} in this process: listen there first.");
        }

        return ValueTask.FromResult<IConnection>(near);
    }

    /// <inheritdoc/>
    public ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = Name(address);
        var listener = new MemoryListener(address, () => Forget(name));
        lock (_lock)
        {
            if (!_listeners.TryAdd(name, listener))
            {
                throw new TransportException(
                    TransportFailure.AddressInUse, $"Someone in this process listens at {address} already: choose another name.");
            }
        }

        return ValueTask.FromResult<IListener>(listener);
    }

    private static string Name(PeerAddress address) => address is PeerAddress.InMemory memory
        ? memory.Name
        : throw new TransportException(
            TransportFailure.AddressUnsupported, $"{address} is no address of this process, which looks like memory:name.");

    private void Forget(string name)
    {
        lock (_lock)
        {
            _listeners.Remove(name);
        }
    }
}
