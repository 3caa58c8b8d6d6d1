namespace Replica.Transport;

/// <summary>One way to carry bytes between peers: dials addresses of its kind and listens at them.</summary>
public interface ITransport
{
    /// <summary>Whether addresses of this kind belong to this transport.</summary>
    bool CanReach(PeerAddress address);

    /// <summary>Dials <paramref name="address"/>. The caller owns the connection.</summary>
    /// <exception cref="TransportException">Nothing answers there, or the address is not of this transport.</exception>
    ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken);

    /// <summary>Starts to listen at <paramref name="address"/>. The caller owns the listener.</summary>
    /// <exception cref="TransportException">The address is taken, not of this machine, or not of this transport.</exception>
    ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken);
}
