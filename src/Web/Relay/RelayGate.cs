using System.Net;
using Microsoft.AspNetCore.Http;
using Replica.Transport;
using Replica.Transport.Relay;

namespace Replica.Web.Relay;

/// <summary>What each request meets before it is answered.</summary>
internal static class RelayGate
{
    /// <summary>Who asks; limits for one address go by its <see cref="PeerAddress.Source"/>.</summary>
    public static PeerAddress.WebSocketHost RemoteOf(HttpContext context) => PeerAddress.WebSocketHost.From(
        new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort), context.Request.IsHttps);

    /// <summary>Answers a request in its turn. What is refused loses its connection too, so that the next try counts as one.</summary>
    public static RequestDelegate Limited(RequestDelegate answer, RelayServer relay, TimeProvider time) => async context =>
    {
        if (relay.CountRequest(RemoteOf(context).Source) is not { } turn)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.Connection = "close";
            return;
        }

        if (turn > TimeSpan.Zero)
        {
            await Task.Delay(turn, time, context.RequestAborted);
        }

        await answer(context);
        if (!context.Response.HasStarted && context.Response.StatusCode is >= 400 and not StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.Connection = "close";
        }
    };
}
