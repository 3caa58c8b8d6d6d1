using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Replica.Transport;
using Replica.Transport.Links;
using Replica.Transport.WebSockets;

namespace Replica.Web.WebSockets;

/// <summary>Takes in peers that come as WebSockets to one address, with an HTTP server of its own.</summary>
internal sealed class WebSocketListener : IListener
{
    private const int WaitingMax = 512;
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private readonly AcceptQueue _waiting = new(WaitingMax);
    private readonly WebApplication _application;
    private readonly TimeProvider _time;
    private readonly bool _isSecure;
    private int _disposed;

    private WebSocketListener(PeerAddress.WebSocketHost address, WebApplication application, TimeProvider time)
    {
        Address = address;
        _isSecure = address.IsSecure;
        _application = application;
        _time = time;
    }

    /// <inheritdoc/>
    public PeerAddress Address { get; private set; }

    /// <summary>Binds and listens at once.</summary>
    /// <exception cref="TransportException">The address is taken, forbidden, or not of this machine.</exception>
    public static async Task<WebSocketListener> BindAsync(
        PeerAddress.WebSocketHost address, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = HttpHost.CreateBuilder();
        HttpHost.Listen(builder, address.Host, address.Port, address.IsSecure);
        var application = builder.Build();
        _ = application.UseWebSockets();
        var listener = new WebSocketListener(address, application, time);
        application.Run(context => listener.TakeAsync(context, address.Path));
        try
        {
            listener.Address = address.WithPort(await HttpHost.StartAsync(application, address, cancellationToken));
            return listener;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken) => _waiting.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _waiting.DisposeAsync();
        await HttpHost.StopAsync(_application, StopLimit);
    }

    private async Task TakeAsync(HttpContext context, string path)
    {
        if (!WebSocketGate.Admits(context, path, WebSocketLink.PeerProtocol))
        {
            return;
        }

        var from = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        var remote = PeerAddress.WebSocketHost.From(from, _isSecure);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketGate.Accept(WebSocketLink.PeerProtocol));
        var connection = LinkConnection.Start(
            new WebSocketLink(socket, remote, context.Abort), remote, Address.ToString(), _time, localAddress: context.Connection.LocalIpAddress);
        if (await _waiting.OfferAsync(connection))
        {
            await connection.Ended;
        }
    }
}
