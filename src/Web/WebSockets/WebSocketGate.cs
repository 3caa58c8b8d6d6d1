using Microsoft.AspNetCore.Http;

namespace Replica.Web.WebSockets;

/// <summary>What a request for a WebSocket must look like. A browser's page is turned away: it sends an <c>Origin</c>.</summary>
internal static class WebSocketGate
{
    /// <summary>Answers what may not come in.</summary>
    /// <returns>Whether the WebSocket may be accepted.</returns>
    public static bool Admits(HttpContext context, string path, string protocol)
    {
        context.Response.StatusCode =
            !string.Equals(context.Request.Path, path, StringComparison.Ordinal) ? StatusCodes.Status404NotFound
            : context.Request.Headers.ContainsKey("Origin") ? StatusCodes.Status403Forbidden
            : !context.WebSockets.IsWebSocketRequest ? StatusCodes.Status426UpgradeRequired
            : !context.WebSockets.WebSocketRequestedProtocols.Contains(protocol, StringComparer.Ordinal) ? StatusCodes.Status400BadRequest
            : StatusCodes.Status200OK;
        return context.Response.StatusCode == StatusCodes.Status200OK;
    }

    /// <summary>How one is accepted: with its subprotocol, without compression, which would leak lengths.</summary>
    public static WebSocketAcceptContext Accept(string protocol) => new()
    {
        SubProtocol = protocol,
        DangerousEnableCompression = false,
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
    };
}
