using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoint that takes in lines of any number, as <c>export</c> gives them, in transactions as they come.</summary>
internal static class ImportEndpoints
{
    private const int BatchLines = 1000;
    private const int BatchLinesMax = 10_000;

    /// <summary>A change has at most 1 MiB, and an array of short doubles takes 2.3 times its JSON there.</summary>
    private const long BatchBytesMax = 384 * 1024;

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home) => routes.MapPost(
        "/v1/spaces/{space}/import", context => ImportAsync(context, home.GetSpace((string)context.Request.RouteValues["space"]!))).Takes("batch");

    private static async Task ImportAsync(HttpContext context, ReplicaSpace space)
    {
        var linesMax = Requests.Count(context, "batch") ?? BatchLines;
        if (linesMax > BatchLinesMax)
        {
            throw new EncodingException($"The batch {linesMax} is too large: a transaction takes at most {BatchLinesMax} lines.");
        }

        // Its memory is bounded by the transaction, not by the body.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var (batch, tally, bytes) = (new List<Mutation>(), new Tally(), 0L);
        await foreach (var line in GraphLines.ReadAsync(context.Request.BodyReader, context.RequestAborted))
        {
            if (line.Mutation is not { } mutation)
            {
                throw new ReplicaException("REPLICA_BAD_LINE", $"Line {line.Line}: {line.Fault} {tally.Before}");
            }

            batch.Add(mutation);
            bytes += line.Bytes;
            if (batch.Count >= linesMax || bytes >= BatchBytesMax)
            {
                await CommitAsync(space, batch, tally, line.Line, context.RequestAborted);
                bytes = 0;
            }
        }

        await CommitAsync(space, batch, tally, null, context.RequestAborted);
        await Answers.WriteAsync(context, tally, static (output, done) =>
        {
            using var json = new Utf8JsonWriter(output);
            json.WriteStartObject();
            json.WriteNumber("lines", done.Lines);
            json.WriteNumber("nodes", done.Nodes);
            json.WriteNumber("edges", done.Edges);
            json.WriteNumber("transactions", done.Transactions);
            json.WriteEndObject();
        });
    }

    private static async Task CommitAsync(ReplicaSpace space, List<Mutation> batch, Tally tally, long? last, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            _ = await space.WriteAsync(batch, cancellationToken);
        }
        catch (ReplicaException fault)
        {
            var which = last is { } line ? $"The {batch.Count} lines up to line {line}" : $"The last {batch.Count} lines";
            throw new ReplicaException(fault.Code, $"{which} were refused: {fault.Message} {tally.Before}", fault);
        }

        tally.Add(batch);
        batch.Clear();
    }

    private sealed class Tally
    {
        public long Lines { get; private set; }

        public long Nodes { get; private set; }

        public long Edges { get; private set; }

        public long Transactions { get; private set; }

        public string Before => Lines == 0
            ? "Nothing was written."
            : $"{Lines} lines before it went in, in {Transactions} transactions; nothing of its own was written.";

        public void Add(List<Mutation> batch)
        {
            Lines += batch.Count;
            Nodes += batch.Count(static one => one is Mutation.PutNode);
            Edges += batch.Count(static one => one is Mutation.LinkEdge);
            Transactions++;
        }
    }
}
