using Replica.Transport;
using Replica.Transport.Memory;

namespace Replica.Tests.Properties.Net;

/// <summary>A transport in memory whose listener and whose connections can fail as nobody foresaw.</summary>
internal sealed class FaultyTransport(MemoryTransport inner) : ITransport
{
    /// <summary>How many accepts fail before one succeeds.</summary>
    public int AcceptsToFail { get; set; }

    /// <summary>How many dials fail before one succeeds.</summary>
    public int DialsToFail { get; set; }

    public bool CanReach(PeerAddress address) => inner.CanReach(address);

    public async ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken) =>
        DialsToFail-- > 0 ? throw new InvalidTimeZoneException("dial") : await inner.ConnectAsync(address, cancellationToken);

    public async ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken) =>
        new Listener(this, await inner.ListenAsync(address, cancellationToken));

    private sealed class Listener(FaultyTransport owner, IListener inner) : IListener
    {
        public PeerAddress Address => inner.Address;

        public ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            owner.AcceptsToFail-- > 0 ? throw new InvalidTimeZoneException("accept") : inner.AcceptAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
