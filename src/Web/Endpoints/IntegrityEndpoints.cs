using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoints that check and save the files of spaces: each answers with its progress, line by line.</summary>
internal static class IntegrityEndpoints
{
    private const string Root = "/v1/spaces/{space}/";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home)
    {
        _ = routes.MapPost(Root + "verifications", context => VerifyAsync(context, home));
    }

    private static Task VerifyAsync(HttpContext context, ReplicaHome home)
    {
        var space = home.GetSpace((string)context.Request.RouteValues["space"]!);
        return new LineStream(context).WriteStepsAsync(space.VerifyAsync(context.RequestAborted), IntegrityJson.Write);
    }
}
