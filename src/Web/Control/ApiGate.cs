using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Replica.Peer.Host;
using Replica.Web.Endpoints;
using Replica.Web.Health;

namespace Replica.Web.Control;

/// <summary>What a request must look like before it reaches an endpoint of the control API.</summary>
/// <param name="token">The token that a request over TCP must show; null on the socket, where the kernel says who asks.</param>
internal sealed class ApiGate(ApiToken? token)
{
    /// <summary>Lets the request on, or answers why not.</summary>
    /// <exception cref="ReplicaException">It may not go on.</exception>
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // In this order: a page in a browser learns nothing, not even whether it knows the token.
        if (LoopbackHost.IsFromPage(context))
        {
            throw new ReplicaException(
                Problems.ForbiddenOrigin, "Requests from pages in a browser are not taken: there is no CORS. Let a program of yours ask.");
        }

        if (token is not null && !LoopbackHost.IsNamed(context))
        {
            throw new ReplicaException(
                Problems.ForbiddenHost, $"The Host of a request must be 127.0.0.1:{context.Connection.LocalPort} or localhost:{context.Connection.LocalPort}.");
        }

        var renewed = CancellationToken.None;
        if (token is not null && !token.IsShownBy(context.Request.Headers.Authorization.ToString(), out renewed))
        {
            throw new ReplicaException(
                Problems.Unauthorized, $"Show the token: 'Authorization: Bearer TOKEN', with what the file {HomeToken.FileName} of the home holds.");
        }

        if (MayChange(context.Request.Method) && !IsJson(context))
        {
            throw new ReplicaException(
                Problems.NotJson, $"A request to {context.Request.Path} that changes something must have the Content-Type {TypeFor(context)}.");
        }

        // A stream may go on for ever: one that an old token opened is cut off.
        await using var cut = renewed.Register(context.Abort);
        await next(context);
    }

    private static bool MayChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static string TypeFor(HttpContext context) =>
        context.Request.Path.Value?.EndsWith("/import", StringComparison.Ordinal) == true ? "application/x-ndjson" : "application/json";

    /// <summary>Neither type can be sent by a page without asking first, which is refused.</summary>
    private static bool IsJson(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
        && type.MediaType.Equals(TypeFor(context), StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
