using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Memory;
using Replica.Transport.Relay;
using Replica.Transport.Tcp;
using Replica.Web.WebSockets;

namespace Replica.Tests.Properties.Transport;

/// <summary>One transport with all that it needs around it: for the relayed ones a relay on loopback.</summary>
internal sealed class ContractWorld : IAsyncDisposable
{
    private readonly PeerAddress _place;
    private readonly IAsyncDisposable? _relay;
    private readonly DeviceKeyPair? _device;

    private ContractWorld(ITransport transport, PeerAddress place, IAsyncDisposable? relay = null, DeviceKeyPair? device = null)
    {
        Transport = transport;
        _place = place;
        _relay = relay;
        _device = device;
    }

    public ITransport Transport { get; }

    public static async Task<ContractWorld> OpenAsync(string place)
    {
        switch (place.Split(':')[0])
        {
            case "tcp":
                return new(new TcpTransport(TimeProvider.System), PeerAddress.Parse(place));
            case "ws":
                return new(new WebSocketHostTransport(TimeProvider.System), PeerAddress.Parse(place));
            case "relay":
                var relay = await TestRelay.StartAsync();
                var device = DeviceKeyPair.Create();
                return new(new RelayTransport(device, static _ => null, TimeProvider.System), relay.Address, relay, device);
            case "polling":
                var polled = await TestRelay.StartAsync(letsWebSocketsThrough: false);
                var other = DeviceKeyPair.Create();
                return new(new RelayTransport(other, static _ => null, TimeProvider.System), polled.Address, polled, other);
            default:
                return new(new MemoryTransport(), PeerAddress.Parse(place));
        }
    }

    public async Task<IListener> ListenAsync()
    {
        var listener = await Transport.ListenAsync(_place, default);
        if (listener is RelayListener relayed)
        {
            await relayed.Connected.WaitAsync(TimeSpan.FromSeconds(20));
        }

        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        (Transport as IDisposable)?.Dispose();
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        _device?.Dispose();
    }
}
