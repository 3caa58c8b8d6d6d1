using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoints of one space.</summary>
internal static class SpaceEndpoints
{
    private const string Root = "/v1/spaces/{space}/";

    /// <summary>Adds them. Plain delegates: a command starts all this each time, and binding by reflection is slow to start.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home)
    {
        _ = routes.MapPost(Root + "transactions", context => WriteAsync(context, Space(context, home)));
        routes.MapGet(Root + "node", context => GetNodeAsync(context, Space(context, home))).Takes("id");
        routes.MapGet(Root + "nodes", context => ListNodesAsync(context, Space(context, home))).Takes("type", "prefix", "after", "limit");
        routes.MapGet(Root + "edges", context => ListEdgesAsync(context, Space(context, home))).Takes("from", "to", "relation", "limit");
        routes.MapGet(Root + "tree", context => ListTreeAsync(context, Space(context, home))).Takes("root", "depth");
        _ = routes.MapGet(Root + "orphans", context => ListOrphansAsync(context, Space(context, home)));
        _ = routes.MapGet(Root + "skipped-moves", context => ListSkippedMovesAsync(context, Space(context, home)));
        routes.MapGet(Root + "conflicts", context => ListConflictsAsync(context, Space(context, home))).Takes("id", "relation", "to", "key", "limit");
        routes.MapGet(Root + "log", context => ReadLogAsync(context, Space(context, home))).Takes("after", "limit", "newest");
        routes.MapGet(Root + "history", context => ReadHistoryAsync(context, Space(context, home))).Takes("id", "relation", "to", "key", "limit");
        _ = routes.MapGet(Root + "state", context => WriteStateAsync(context, Space(context, home)));
        _ = routes.MapGet(Root + "export", context => ExportAsync(context, Space(context, home)));
    }

    private static ReplicaSpace Space(HttpContext context, ReplicaHome home) =>
        home.GetSpace((string)context.Request.RouteValues["space"]!);

    private static async Task WriteAsync(HttpContext context, ReplicaSpace space)
    {
        var mutations = MutationJson.ReadBody(await Requests.ReadBodyAsync(context, MutationJson.BodyBytesMax));
        foreach (var mutation in mutations)
        {
            MutationLimits.Check(mutation);
        }

        var receipt = await space.WriteAsync(mutations, context.RequestAborted);
        await Answers.WriteAsync(context, receipt, static (output, done) => ReceiptJson.Write(output, done));
    }

    private static async Task GetNodeAsync(HttpContext context, ReplicaSpace space)
    {
        var id = Requests.DueText(context, "id");
        var node = await space.GetNodeAsync(id, context.RequestAborted)
            ?? throw new ReplicaException(Problems.NotFound, $"There is no node '{id}' in the space '{space.Name}': list the ids with ls.");
        await Answers.WriteAsync(context, node, GraphJson.Write);
    }

    private static Task ListNodesAsync(HttpContext context, ReplicaSpace space)
    {
        var filter = new NodeFilter
        {
            Type = Requests.Text(context, "type"),
            Prefix = Requests.Text(context, "prefix"),
            After = Requests.Text(context, "after"),
            Limit = Requests.Limit(context),
        };
        return new LineStream(context).WriteAsync(space.ListNodesAsync(filter, context.RequestAborted), GraphJson.Write);
    }

    private static Task ListEdgesAsync(HttpContext context, ReplicaSpace space)
    {
        var filter = new EdgeFilter
        {
            From = Requests.Text(context, "from"),
            To = Requests.Text(context, "to"),
            Relation = Requests.Text(context, "relation"),
            Limit = Requests.Limit(context),
        };
        return new LineStream(context).WriteAsync(space.ListEdgesAsync(filter, context.RequestAborted), GraphJson.Write);
    }

    private static Task ListTreeAsync(HttpContext context, ReplicaSpace space)
    {
        var places = space.ListTreeAsync(Requests.Text(context, "root"), Requests.Count(context, "depth"), context.RequestAborted);
        return new LineStream(context).WriteAsync(places, TreeJson.Write);
    }

    private static Task ListOrphansAsync(HttpContext context, ReplicaSpace space) =>
        new LineStream(context).WriteAsync(space.ListOrphansAsync(context.RequestAborted), TreeJson.Write);

    private static async Task ListSkippedMovesAsync(HttpContext context, ReplicaSpace space)
    {
        var moves = await space.ListSkippedMovesAsync(context.RequestAborted);
        await new LineStream(context).WriteAsync(moves.ToAsyncEnumerable(), TreeJson.Write);
    }

    private static async Task ListConflictsAsync(HttpContext context, ReplicaSpace space)
    {
        var conflicts = Requests.Element(context) is { } target
            ? (await space.GetConflictsAsync(target, context.RequestAborted)).ToAsyncEnumerable()
            : space.ListConflictsAsync(Requests.Limit(context), context.RequestAborted);
        await new LineStream(context).WriteAsync(conflicts, ConflictJson.Write);
    }

    private static Task ReadLogAsync(HttpContext context, ReplicaSpace space)
    {
        var newestFirst = Requests.Truth(context, "newest");
        var records = space.ReadLogAsync(
            Requests.Arrival(context, newestFirst), Requests.Limit(context), newestFirst, context.RequestAborted);
        return new LineStream(context).WriteAsync(records, LogJson.Write);
    }

    private static async Task ReadHistoryAsync(HttpContext context, ReplicaSpace space)
    {
        var target = Requests.Element(context) ?? throw new EncodingException("The query parameter 'id' is missing.");
        var entries = await space.ReadHistoryAsync(target, Requests.Limit(context), context.RequestAborted);
        if (entries.Count == 0)
        {
            throw new ReplicaException(Problems.NotFound, $"No change in the space '{space.Name}' touched it: list the ids with ls.");
        }

        await new LineStream(context).WriteAsync(entries.ToAsyncEnumerable(), HistoryJson.Write);
    }

    private static async Task WriteStateAsync(HttpContext context, ReplicaSpace space)
    {
        context.Response.ContentType = "application/json";
        await space.WriteCanonicalStateAsync(context.Response.BodyWriter, context.RequestAborted);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task ExportAsync(HttpContext context, ReplicaSpace space)
    {
        var lines = new LineStream(context);
        var toOne = await space.ListToOneAsync(context.RequestAborted);
        await lines.WriteAsync(toOne.ToAsyncEnumerable(), GraphJson.WriteToOne);
        await lines.WriteAsync(space.ListNodesAsync(new NodeFilter { AreCountersTold = true }, context.RequestAborted), GraphJson.Write);
        await lines.WriteAsync(space.ListEdgesAsync(new EdgeFilter { AreCountersTold = true }, context.RequestAborted), GraphJson.Write);
        await lines.WriteAsync(space.ListTreeAsync(null, null, context.RequestAborted), TreeJson.WriteMove);
    }
}
