using Microsoft.AspNetCore.Builder;

namespace Replica.Web.Endpoints;

/// <summary>Says at the mapping of an endpoint what its query may hold.</summary>
internal static class QueryMapping
{
    /// <summary>The endpoint takes these query parameters and no others.</summary>
    public static void Takes(this IEndpointConventionBuilder endpoint, params string[] names) => _ = endpoint.WithMetadata(new QueryNames(names));
}
