using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Replica.Web.Endpoints;

/// <summary>The API's own description, for programs: an OpenAPI document that is written by hand and compared with the endpoints by a test.</summary>
internal static class DocumentEndpoints
{
    /// <summary>The name of the document among the resources of this assembly.</summary>
    public const string Resource = "Replica.Web.OpenApi.v1.json";

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => _ = routes.MapGet("/openapi/v1.json", WriteAsync);

    private static async Task WriteAsync(HttpContext context)
    {
        await using var document = typeof(DocumentEndpoints).Assembly.GetManifestResourceStream(Resource)!;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
