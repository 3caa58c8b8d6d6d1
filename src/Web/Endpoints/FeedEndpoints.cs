using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;
using Replica.Peer.Host.Feeds;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoint that tells each committed change as it comes, and goes on where a reader left off.</summary>
internal static class FeedEndpoints
{
    private const string Now = "now";

    /// <summary>Adds it.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="home">The home.</param>
    /// <param name="time">Measures silence.</param>
    /// <param name="silence">After how much of it a sign of life is due.</param>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home, TimeProvider time, TimeSpan silence) => routes.MapGet(
        "/v1/spaces/{space}/changes",
        context => WatchAsync(context, home.GetSpace((string)context.Request.RouteValues["space"]!), new(context, time, silence))).Takes("after");

    private static async Task WatchAsync(HttpContext context, ReplicaSpace space, EventStream events)
    {
        using var end = EventStream.EndWith(context);
        var after = await StartAsync(context, space);
        var changes = space.WatchChangesAsync(after, end.Token);
        try
        {
            // A position that is not of this copy is refused before the stream begins.
            await using (var check = space.ReadChangesAsync(after, end.Token).GetAsyncEnumerator(end.Token))
            {
                _ = await check.MoveNextAsync();
            }

            await events.OpenAsync(after.ToString(), end.Token);
            await events.WriteAsync(changes, static change => change.Position.ToString(), ChangeJson.Write, end.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server stops: the answer ends whole, and the reader comes back to the next one.
        }
    }

    /// <summary>What a reader that comes back saw last goes before where it once began.</summary>
    private static async Task<ChangePosition> StartAsync(HttpContext context, ReplicaSpace space)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var text = last.Length > 0 ? last : Requests.Text(context, "after") ?? Now;
        return text == Now ? await space.GetPositionAsync(context.RequestAborted)
            : ChangePosition.TryParse(text, out var position) ? position
            : throw new EncodingException(
                $"'{SafePart(text)}' is no position: give the id of an event as it came, 0 for all changes, or now for the new ones alone.");
    }

    private static string SafePart(string text) => text.Length > ChangePosition.TextCharsMax ? text[..ChangePosition.TextCharsMax] + "…" : text;
}
