using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Peer.Host;

namespace Replica.Web.Endpoints;

/// <summary>The endpoint that renews the token of the API over TCP, on the socket alone: who has the token must not lock the owner out.</summary>
internal static class TokenEndpoints
{
    /// <summary>Adds it.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="home">The home.</param>
    /// <param name="renew">Draws the token anew, and lets it hold; null where this is not the socket.</param>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home, Action? renew) =>
        _ = routes.MapPost("/v1/token/renew", context => renew is not null
            ? RenewAsync(context, home, renew)
            : throw new ReplicaException(
                Problems.SocketOnly, "The token is renewed by the owner on the home's socket alone: run 'replica token renew' there, without --api."));

    private static Task RenewAsync(HttpContext context, ReplicaHome home, Action renew)
    {
        renew();
        return Answers.WriteAsync(context, Path.GetFullPath(Path.Combine(home.Directory, HomeToken.FileName)), static (output, file) =>
        {
            using var json = new Utf8JsonWriter(output);
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteEndObject();
        });
    }
}
