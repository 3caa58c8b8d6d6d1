using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Web.WebSockets;

/// <summary>A bare HTTP server: no logging, no files; certificates by the usual Kestrel configuration from the environment.</summary>
internal static class HttpHost
{
    private const int BodyBytesMax = 64 * 1024;

    /// <summary>Begins one.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.Configuration.AddEnvironmentVariables().AddEnvironmentVariables("ASPNETCORE_");
        _ = builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel((context, kestrel) =>
        {
            // The section's own endpoints are not taken over: what is listened at is said on the command line.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            _ = kestrel.Configure(WithoutEndpoints(context.Configuration));
        });
        _ = builder.Services.AddRoutingCore().AddSingleton<IMemoryPoolFactory<byte>>(new BlockPool());
        return builder;
    }

    /// <summary>Lets it listen at an address.</summary>
    public static void Listen(WebApplicationBuilder builder, string host, int port, bool isSecure) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            void Choose(ListenOptions listen)
            {
                listen.Protocols = HttpProtocols.Http1;
                if (isSecure)
                {
                    _ = listen.UseHttps();
                }
            }

            if (IPAddress.TryParse(host, out var literal))
            {
                kestrel.Listen(literal, port, Choose);
            }
            else if (host == "localhost" && port == 0)
            {
                kestrel.Listen(IPAddress.Loopback, port, Choose);
            }
            else if (host == "localhost")
            {
                kestrel.ListenLocalhost(port, Choose);
            }
            else
            {
                kestrel.Listen(Dns.GetHostAddresses(host)[0], port, Choose);
            }
        });

    /// <summary>Starts it.</summary>
    /// <returns>The port that is really bound.</returns>
    /// <exception cref="TransportException">The address can't be had, or TLS lacks its certificate.</exception>
    public static async Task<int> StartAsync(WebApplication application, PeerAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
            var bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return Microsoft.AspNetCore.Http.BindingAddress.Parse(bound).Port;
        }
        catch (Exception fault) when (fault is IOException or SocketException or InvalidOperationException)
        {
            throw Explain(address, fault);
        }
    }

    /// <summary>Starts one that only this machine reaches.</summary>
    /// <returns>Where it listens, with its real port.</returns>
    /// <exception cref="ReplicaException">The address can't be had, such as <c>REPLICA_ADDRESS_IN_USE</c>.</exception>
    public static async Task<IPEndPoint> StartLoopbackAsync(WebApplication application, IPEndPoint listen, CancellationToken cancellationToken)
    {
        var address = PeerAddress.WebSocketHost.From(listen, isSecure: false);
        try
        {
            return new(listen.Address, await StartAsync(application, address, cancellationToken));
        }
        catch (TransportException fault)
        {
            throw new ReplicaException(fault.Code, fault.Message.Replace(address.ToString(), listen.ToString(), StringComparison.Ordinal), fault);
        }
    }

    /// <summary>Stops it; what is still under way after the limit is cut.</summary>
    public static async Task StopAsync(WebApplication application, TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await application.StopAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            // What was under way is cut off; its peers see a broken connection.
        }

        await application.DisposeAsync();
    }

    private static IConfigurationSection WithoutEndpoints(IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection("Kestrel").AsEnumerable()
            .Where(static pair => !pair.Key.StartsWith("Kestrel:Endpoints", StringComparison.OrdinalIgnoreCase)))
        .Build().GetSection("Kestrel");

    private static TransportException Explain(PeerAddress address, Exception fault) => (fault.InnerException, fault) switch
    {
        (AddressInUseException, _) => new(
            TransportFailure.AddressInUse,
            $"{address} is in use by another program: stop it, or listen at another port (port 0 chooses a free one).",
            fault),
        (_, InvalidOperationException) => new(
            TransportFailure.AddressUnknown,
            $"Can't listen at {address}: {fault.Message} TLS takes its certificate from ASPNETCORE_Kestrel__Certificates__Default__Path "
            + "and ASPNETCORE_Kestrel__Certificates__Default__KeyPath.",
            fault),
        (_, SocketException { SocketErrorCode: SocketError.AccessDenied }) => new(
            TransportFailure.PermissionDenied,
            $"The system does not let this process listen at {address}: take a port above 1023.",
            fault),
        _ => new(TransportFailure.AddressUnknown, $"Can't listen at {address}, which must be an address of this machine: {fault.Message}.", fault),
    };
}
