using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Replica.Transport;
using Replica.Transport.Relay;
using Replica.Web.WebSockets;

namespace Replica.Web.Relay;

/// <summary>A relay with an HTTP server of its own. An application that has one maps <see cref="RelayEndpoints"/> instead.</summary>
public sealed class RelayHost : IAsyncDisposable
{
    private const int HeaderBytesMax = 8 * 1024;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;

    private RelayHost(WebApplication application, RelayServer relay)
    {
        _application = application;
        Relay = relay;
    }

    /// <summary>The relay.</summary>
    public RelayServer Relay { get; }

    /// <summary>Where it listens, with its real port.</summary>
    public PeerAddress.RelayRoute Address { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    /// <param name="listen">Where; port 0 takes a free one. With TLS the certificate comes from the usual Kestrel configuration.</param>
    /// <param name="names">What devices dial, as <c>host</c> or <c>host:port</c>; a host alone goes with the port listened at and with 443.</param>
    /// <param name="options">The limits.</param>
    /// <param name="token">The bearer token that devices must show; null for none.</param>
    /// <param name="proxies">Addresses of reverse proxies in front: limits go by the address that they name in <c>X-Forwarded-For</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="TransportException">The address can't be had.</exception>
    public static async Task<RelayHost> StartAsync(
        PeerAddress.WebSocketHost listen,
        IReadOnlyList<string> names,
        RelayOptions options,
        string? token,
        IReadOnlyCollection<IPAddress> proxies,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        proxies = [.. proxies.Select(CountingTransport.Plain)];
        var relay = new RelayServer(options, time);
        var builder = HttpHost.CreateBuilder();
        _ = builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Tunnels are counted by the relay; this bounds what is not one yet.
            kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = options.AnswerLimit;
        });

        // What follows a read is short and never waits for a thread: it need not change threads first (R2).
        _ = builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        HttpHost.Listen(builder, listen.Host, listen.Port, listen.IsSecure);
        _ = builder.Services.AddSingleton<IConnectionListenerFactory>(services => new CountingTransport(
            services.GetRequiredService<IOptions<SocketTransportOptions>>(), services.GetRequiredService<ILoggerFactory>(), relay, proxies));
        var application = builder.Build();
        try
        {
            if (proxies.Count > 0)
            {
                _ = application.UseForwardedHeaders(Forwarding(proxies));
            }

            _ = application.Use((context, next) => GuardAsync(context, next, time));
            _ = application.UseWebSockets();
            _ = application.UseRouting();
            application.MapReplicaRelay(relay, time, token);
            _ = application.Map("/{**rest}", RelayGate.Limited(NotFoundAsync, relay, time));
            var port = await HttpHost.StartAsync(application, listen, cancellationToken);
            foreach (var name in names.SelectMany(name => Authorities(name, port)).Distinct(StringComparer.Ordinal))
            {
                relay.AddName(name);
            }

            _ = PeerAddress.RelayRoute.TryParseRelay(listen.WithPort(port).ToString().TrimEnd('/'), out var address, out _);
            return new RelayHost(application, relay) { Address = address! };
        }
        catch
        {
            await application.DisposeAsync();
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a text can be a name of a relay: <c>host</c> or <c>host:port</c>.</summary>
    public static bool IsName(string name) => PeerAddress.RelayRoute.TryParseRelay("wss://" + name, out _, out _);

    /// <summary>Stops at once; <see cref="RelayServer.DrainAsync"/> comes before it for an orderly end.</summary>
    public async ValueTask DisposeAsync()
    {
        await Relay.DrainAsync(TimeSpan.Zero);
        await HttpHost.StopAsync(_application, StopLimit);
        await Relay.DisposeAsync();
    }

    private static ForwardedHeadersOptions Forwarding(IEnumerable<IPAddress> proxies)
    {
        // From the right as long as a proxy speaks: with two in a row, the first one's word counts, and never a client's own.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownProxies.Add(proxy);
        }

        return options;
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next, TimeProvider time)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new GuardedUpgrade(upgrade, time));
        }

        return next(context);
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Authorities(string name, int port)
    {
        if (!PeerAddress.RelayRoute.TryParseRelay("wss://" + name, out var route, out _))
        {
            throw new ArgumentException($"'{name}' can't be the name of a relay: host or host:port is.", nameof(name));
        }

        var hasPort = name.LastIndexOf(':') > name.LastIndexOf(']');
        return hasPort ? [route.Authority] : [route.Authority, $"{name.ToLowerInvariant()}:{port}"];
    }
}
