using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Replica.Transport;
using Replica.Transport.Links;
using Replica.Transport.Relay;
using Replica.Transport.WebSockets;
using Replica.Web.Relay;

namespace Replica.Tests.Properties.Transport;

/// <summary>A relay on loopback inside an application of its own; a tap may meddle with what it moves.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestRelay(WebApplication application, RelayServer server, PeerAddress.RelayRoute address)
    {
        _application = application;
        Server = server;
        Address = address;
    }

    public RelayServer Server { get; }

    public PeerAddress.RelayRoute Address { get; }

    public static async Task<TestRelay> StartAsync(
        bool letsWebSocketsThrough = true, RelayOptions? options = null, string? token = null, Func<IByteLink, IByteLink>? tap = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        var application = builder.Build();
        var server = new RelayServer(
            options ?? new RelayOptions
            {
                ConnectsPerSourceSecond = 10_000,
                ConnectionsPerSourceMax = 10_000,
                RequestsPerSourceSecond = 100_000,
                BytesPerSourceSecond = null,
                TunnelsPerTargetMax = 10_000,
            },
            TimeProvider.System);
        if (letsWebSocketsThrough)
        {
            application.UseWebSockets();
        }

        if (tap is not null)
        {
            application.Use((context, next) => context.Request.Path == "/v1/tunnel" && context.WebSockets.IsWebSocketRequest
                ? TapAsync(context, server, tap)
                : next(context));
        }

        application.UseRouting();
        application.MapReplicaRelay(server, TimeProvider.System, token);
        await application.StartAsync();
        var authority = new Uri(application.Urls.First()).Authority;
        server.AddName(authority);
        _ = PeerAddress.RelayRoute.TryParseRelay("ws://" + authority, out var address, out _);
        return new(application, server, address!);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DrainAsync(TimeSpan.Zero);
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await _application.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // What was under way is cut.
        }

        await _application.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static async Task TapAsync(HttpContext context, RelayServer server, Func<IByteLink, IByteLink> tap)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketLink.RelayProtocol);
        await server.ServeAsync(tap(new WebSocketLink(socket, PeerAddress.Parse("ws://tapped"), context.Abort)), "tapped");
    }
}
