using System.Security.Cryptography;
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
        _ = routes.MapPost(Root + "verifications", context => VerifyAsync(context, Space(context, home)));
        _ = routes.MapPost(Root + "backups", context => BackupAsync(context, Space(context, home)));
    }

    private static ReplicaSpace Space(HttpContext context, ReplicaHome home) =>
        home.GetSpace((string)context.Request.RouteValues["space"]!);

    private static async Task BackupAsync(HttpContext context, ReplicaSpace space)
    {
        var body = await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax);
        BackupRequest wish;
        try
        {
            wish = BackupRequest.Read(body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }

        using (wish)
        {
            var steps = space.BackupAsync(wish.File, wish.Passphrase, context.RequestAborted);
            await new LineStream(context).WriteStepsAsync(steps, IntegrityJson.Write);
        }
    }

    private static Task VerifyAsync(HttpContext context, ReplicaSpace space) =>
        new LineStream(context).WriteStepsAsync(space.VerifyAsync(context.RequestAborted), IntegrityJson.Write);
}
