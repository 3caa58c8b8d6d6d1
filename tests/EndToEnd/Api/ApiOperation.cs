using System.Text.Json;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>One operation of the API as its document tells of it.</summary>
/// <param name="Path">Its path, with <c>{space}</c>.</param>
/// <param name="IsPost">Whether it may change something.</param>
/// <param name="Query">Its query parameters with their types.</param>
/// <param name="DueQuery">A query with what must be there.</param>
/// <param name="Body">What its body must be; nothing if it has none.</param>
/// <param name="BodyType">The type of its body.</param>
internal sealed record ApiOperation(
    string Path, bool IsPost, IReadOnlyList<(string Name, string Type)> Query, string DueQuery, JsonElement? Body, string BodyType)
{
    /// <summary>Its path in the space that is there.</summary>
    public string PathInMain => Path.Replace("{space}", "main", StringComparison.Ordinal);

    /// <summary>A body that would be taken, but for what it names: nothing of it is there.</summary>
    public string GoodBody => Path[(Path.LastIndexOf('/') + 1)..] switch
    {
        "spaces" => """{"name":"main"}""",
        "transactions" => """{"mutations":[]}""",
        "backups" => """{"file":"not-a-full-path"}""",
        "cancel" => """{"invitation":"00"}""",
        "promote" or "demote" => """{"device":"zz","role":"reader"}""",
        "import" => """{"edge":["a","r","nobody"]}""",
        _ => "{}",
    };

    /// <summary>All of a document.</summary>
    public static IEnumerable<ApiOperation> All(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        let query = Parameters(method.Value).ToArray()
        let body = BodyOf(document, method.Value)
        select new ApiOperation(
            path.Name,
            method.Name == "post",
            [.. query.Select(static one => (one.GetProperty("name").GetString()!, one.GetProperty("schema").GetProperty("type").GetString()!))],
            query.Any(static one => one.GetProperty("required").GetBoolean()) ? "?id=a" : "",
            body.Schema,
            body.Type);

    private static IEnumerable<JsonElement> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var all)
        ? all.EnumerateArray().Where(static one => one.TryGetProperty("in", out var place) && place.GetString() == "query")
        : [];

    private static (JsonElement? Schema, string Type) BodyOf(JsonElement document, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return (null, "application/json");
        }

        var content = body.GetProperty("content").EnumerateObject().Single();
        var schema = content.Value.GetProperty("schema");
        return (schema.TryGetProperty("$ref", out var link)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(link.GetString()!.Split('/')[^1])
            : schema, content.Name);
    }
}
