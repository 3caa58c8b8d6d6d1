using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Replica.Web.Endpoints;

/// <summary>Answers of one JSON document.</summary>
internal static class Answers
{
    /// <summary>Sends what <paramref name="write"/> makes of the item.</summary>
    public static async Task WriteAsync<T>(HttpContext context, T item, Action<IBufferWriter<byte>, T> write)
    {
        context.Response.ContentType = "application/json";
        write(context.Response.BodyWriter, item);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
