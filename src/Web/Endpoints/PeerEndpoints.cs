using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoints of a space that are about its peers.</summary>
internal static class PeerEndpoints
{
    private const string Root = "/v1/spaces/{space}/";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home)
    {
        routes.MapGet(Root + "holders", context => GetHoldersAsync(context, Space(context, home))).Takes("id");
        routes.MapGet(Root + "sync", context => ListProgressAsync(context, Space(context, home))).Takes("watch");
        routes.MapGet(Root + "presence", context => ListPresenceAsync(context, Space(context, home))).Takes("watch");
        _ = routes.MapPost(Root + "presence", context => SetPresenceAsync(context, Space(context, home)));
    }

    private static ReplicaSpace Space(HttpContext context, ReplicaHome home) =>
        home.GetSpace((string)context.Request.RouteValues["space"]!);

    private static async Task GetHoldersAsync(HttpContext context, ReplicaSpace space)
    {
        var target = new Target.Node(Requests.DueText(context, "id"));
        await Answers.WriteAsync(context, await space.GetHoldersAsync(target, context.RequestAborted), HolderJson.Write);
    }

    private static async Task ListPresenceAsync(HttpContext context, ReplicaSpace space)
    {
        if (!Requests.Truth(context, "watch"))
        {
            await new LineStream(context).WriteAsync(space.ListPresence().ToAsyncEnumerable(), PresenceJson.Write);
            return;
        }

        await WatchAsync(context, space.WatchPresenceAsync, PresenceJson.Write);
    }

    private static async Task ListProgressAsync(HttpContext context, ReplicaSpace space)
    {
        if (!Requests.Truth(context, "watch"))
        {
            var now = space.GetSyncProgress() is { } progress ? new[] { progress } : [];
            await new LineStream(context).WriteAsync(now.ToAsyncEnumerable(), ProgressJson.Write);
            return;
        }

        await WatchAsync(context, space.WatchSyncProgressAsync, ProgressJson.Write);
    }

    private static async Task WatchAsync<T>(
        HttpContext context, Func<CancellationToken, IAsyncEnumerable<T>> watch, Action<IBufferWriter<byte>, T> write)
    {
        using var end = EventStream.EndWith(context);
        try
        {
            await new LineStream(context).WriteStepsAsync(watch(end.Token), write);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server stops, and this answer would never end.
        }
    }

    private static async Task SetPresenceAsync(HttpContext context, ReplicaSpace space)
    {
        var (content, ttl) = PresenceJson.Read(await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax));
        space.SetPresence(content, ttl);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
