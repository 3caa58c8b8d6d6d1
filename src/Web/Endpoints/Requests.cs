using System.Buffers;
using Microsoft.AspNetCore.Http;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;

namespace Replica.Web.Endpoints;

/// <summary>What endpoints read from a request; anything out of order is an <see cref="EncodingException"/>.</summary>
internal static class Requests
{
    /// <summary>The longest body of a request other than a transaction, in bytes.</summary>
    public const int SmallBodyBytesMax = 64 * 1024;

    /// <summary>The whole body as one piece.</summary>
    public static async Task<byte[]> ReadBodyAsync(HttpContext context, int bytesMax)
    {
        if (context.Request.ContentLength > bytesMax)
        {
            throw TooLong(bytesMax);
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            if (result.Buffer.Length > bytesMax)
            {
                throw TooLong(bytesMax);
            }

            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>A parameter of the query; null if it is not there.</summary>
    public static string? Text(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A parameter that must be there.</summary>
    public static string DueText(HttpContext context, string name) =>
        Text(context, name) ?? throw new EncodingException($"The query parameter '{name}' is missing.");

    /// <summary>The node <c>id</c>, or the edge that leaves it by <c>relation</c>, <c>to</c> and <c>key</c>; null if nothing is named.</summary>
    public static Target? Element(HttpContext context)
    {
        var (relation, to, key) = (Text(context, "relation"), Text(context, "to"), Text(context, "key"));
        return (Text(context, "id"), relation, to) switch
        {
            (null, null, null) when key is null => null,
            ({ } id, null, null) when key is null => new Target.Node(id),
            ({ } from, { } named, { } entered) => new Target.Edge(from, named, entered, key ?? ""),
            _ => throw new EncodingException("An edge is named by 'id', 'relation', 'to' and 'key', a node by 'id' alone."),
        };
    }

    /// <summary>How many items to send at most; null for all.</summary>
    public static int? Limit(HttpContext context) => Count(context, "limit");

    /// <summary>A parameter that is a number from 1; null if it is not there.</summary>
    public static int? Count(HttpContext context, string name)
    {
        var text = Text(context, name);
        return text is null ? null
            : int.TryParse(text, out var count) && count > 0 ? count
            : throw new EncodingException($"The {name} '{text}' is not a number from 1 to {int.MaxValue}.");
    }

    /// <summary>A place in the order of arrival; if it is not there, the end at which to begin.</summary>
    public static long Arrival(HttpContext context, bool newestFirst)
    {
        var text = Text(context, "after");
        return text is null ? (newestFirst ? long.MaxValue : 0)
            : long.TryParse(text, out var after) && after >= 0 ? after
            : throw new EncodingException($"'after' must be a number from 0; '{text}' is none.");
    }

    /// <summary>A parameter that is true or false, and what holds if it is not there.</summary>
    public static bool Truth(HttpContext context, string name, bool ifLeftOut = false) => Text(context, name) switch
    {
        null => ifLeftOut,
        "false" => false,
        "" or "true" => true,
        var text => throw new EncodingException($"'{name}' must be true or false; '{text}' is neither."),
    };

    private static EncodingException TooLong(int bytesMax) =>
        new($"The body is longer than {bytesMax} bytes: send less at once.");
}
