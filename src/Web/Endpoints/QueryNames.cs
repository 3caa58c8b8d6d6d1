using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;

namespace Replica.Web.Endpoints;

/// <summary>The query parameters that an endpoint takes, as its metadata; an endpoint without takes none.</summary>
/// <param name="names">Their names, as they must be written.</param>
internal sealed class QueryNames(params string[] names)
{
    private const int NameCharsMax = 64;

    private static readonly QueryNames s_none = new();

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>What an endpoint takes.</summary>
    public static QueryNames Of(Endpoint endpoint) => endpoint.Metadata.GetMetadata<QueryNames>() ?? s_none;

    /// <summary>Lets a request on to its endpoint, or refuses parameters that would be passed over: a typo must not change what is asked.</summary>
    /// <exception cref="ReplicaException">The endpoint has no such parameter.</exception>
    /// <exception cref="EncodingException">One stands twice.</exception>
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // What leads nowhere, or not by this method, is answered as such.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            Of(endpoint).Check(context.Request);
        }

        return next(context);
    }

    private void Check(HttpRequest request)
    {
        foreach (var (name, values) in request.Query)
        {
            var shown = name.Length > NameCharsMax ? name[..NameCharsMax] + "…" : name;
            if (!Names.Contains(name, StringComparer.Ordinal))
            {
                throw new ReplicaException(
                    Problems.UnknownParameter,
                    $"There is no query parameter '{shown}' at {request.Method} {request.Path}: "
                        + (Names.Count == 0 ? "it takes none." : $"it takes {string.Join(", ", Names)}."));
            }

            if (values.Count > 1)
            {
                throw new EncodingException($"The query parameter '{shown}' stands {values.Count} times: give it once.");
            }
        }
    }
}
