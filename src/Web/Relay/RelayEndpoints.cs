using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Replica.Transport.Links;
using Replica.Transport.Polling;
using Replica.Transport.Relay;
using Replica.Transport.WebSockets;
using Replica.Web.Metrics;
using Replica.Web.WebSockets;

namespace Replica.Web.Relay;

/// <summary>A relay as endpoints of any ASP.NET Core application: the tunnel, the polling tunnel, health and metrics.</summary>
public static class RelayEndpoints
{
    private const string TunnelPath = "/v1/tunnel";
    private const int TokenCharsMax = 512;

    // One that has ended stays a while, so that its end can be fetched.
    private const int SessionsPerConnection = 2;

    /// <summary>Adds the relay. The application must call <c>UseWebSockets</c> before.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="relay">The relay; the application's owner disposes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="token">Devices must show this bearer token; null lets in whomever the relay's own options let in.</param>
    public static void MapReplicaRelay(this IEndpointRouteBuilder routes, RelayServer relay, TimeProvider time, string? token)
    {
        var sessions = new PollingSessions(relay.Options.ConnectionsMax, SessionsPerConnection * relay.Options.ConnectionsPerSourceMax, time);
        var page = new MeterPage(meter => meter == relay.Meter);
        _ = routes.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(page.Dispose);
        var kept = new KeptPage(page, time);
        Get(TunnelPath, context => IsAdmitted(context, token) ? TunnelAsync(context, relay) : Task.CompletedTask);
        Post(PollingWire.OpenPath, context => IsAdmitted(context, token) ? OpenAsync(context, relay, sessions) : Task.CompletedTask);
        Post(PollingWire.SendPath, context => SendAsync(context, sessions));
        Post(PollingWire.ReceivePath, context => ReceiveAsync(context, sessions));
        Get("/health", context => HealthAsync(context, relay));
        Get("/metrics", context => MetricsAsync(context, kept));

        void Get(string path, RequestDelegate answer) => _ = routes.MapGet(path, RelayGate.Limited(answer, relay, time));

        void Post(string path, RequestDelegate answer) => _ = routes.MapPost(path, RelayGate.Limited(answer, relay, time));
    }

    private static bool IsAdmitted(HttpContext context, string? token)
    {
        if (context.Request.Headers.ContainsKey("Origin"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return false;
        }

        if (token is null)
        {
            return true;
        }

        var shown = context.Request.Headers.Authorization.ToString();
        if (shown.Length <= TokenCharsMax
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes("Bearer " + token)))
        {
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return false;
    }

    private static async Task TunnelAsync(HttpContext context, RelayServer relay)
    {
        if (!WebSocketGate.Admits(context, TunnelPath, WebSocketLink.RelayProtocol))
        {
            return;
        }

        var remote = RelayGate.RemoteOf(context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketGate.Accept(WebSocketLink.RelayProtocol));
        IByteLink link = new WebSocketLink(socket, remote, context.Abort);
        if (context.Features.Get<IHttpUpgradeFeature>() is GuardedUpgrade { Stream: { } stream })
        {
            link = new GuardedLink(link, stream);
        }

        await relay.ServeAsync(link, remote.Source);
    }

    private static async Task OpenAsync(HttpContext context, RelayServer relay, PollingSessions sessions)
    {
        context.Response.Headers.CacheControl = "no-store";
        var source = RelayGate.RemoteOf(context).Source;
        if (!sessions.TryOpen(source, out var session))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // The session outlives the request: it ends by itself when nobody asks for it any more.
        sessions.Keep(relay.ServeAsync(session, source));
        await context.Response.WriteAsync(session.Id, context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, PollingSessions sessions)
    {
        if (!TryFind(context, sessions, PollingWire.SequenceHeader, out var session, out var sequence))
        {
            return;
        }

        var body = await ReadBodyAsync(context);
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var isEnd = context.Request.Headers.ContainsKey(PollingWire.EndHeader);
        context.Response.StatusCode = await session!.TakeAsync(sequence, body, isEnd, context.RequestAborted) switch
        {
            PollingOutcome.Taken => StatusCodes.Status204NoContent,
            PollingOutcome.Full => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status410Gone,
        };
    }

    private static async Task ReceiveAsync(HttpContext context, PollingSessions sessions)
    {
        if (!TryFind(context, sessions, PollingWire.AcknowledgeHeader, out var session, out var acknowledged))
        {
            return;
        }

        if (await session!.GiveAsync(acknowledged, context.RequestAborted) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return;
        }

        context.Response.Headers[PollingWire.SequenceHeader] = body.Sequence.ToString(CultureInfo.InvariantCulture);
        if (body.IsEnd)
        {
            context.Response.Headers[PollingWire.EndHeader] = "1";
        }

        context.Response.ContentLength = body.Bytes.Length;
        await context.Response.Body.WriteAsync(body.Bytes, context.RequestAborted);
    }

    private static bool TryFind(
        HttpContext context, PollingSessions sessions, string header, out PollingSession? session, out long number)
    {
        (session, number) = (null, 0);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.StatusCode =
            context.Request.Headers.ContainsKey("Origin") ? StatusCodes.Status403Forbidden
            : !sessions.TryFind(context.Request.Headers[PollingWire.SessionHeader], out session) ? StatusCodes.Status410Gone
            : !long.TryParse(context.Request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out number)
                ? StatusCodes.Status400BadRequest
            : StatusCodes.Status200OK;
        return context.Response.StatusCode == StatusCodes.Status200OK;
    }

    /// <summary>The body; null if it is too long.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not ({ } length and <= PollingWire.BodyBytesMax))
        {
            return null;
        }

        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        return body;
    }

    private static Task HealthAsync(HttpContext context, RelayServer relay)
    {
        context.Response.StatusCode = relay.IsDraining ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(relay.IsDraining ? "draining\n" : "ok\n", context.RequestAborted);
    }

    private static Task MetricsAsync(HttpContext context, KeptPage page)
    {
        context.Response.ContentType = MeterPage.ContentType;
        return context.Response.WriteAsync(page.Read(), context.RequestAborted);
    }
}
