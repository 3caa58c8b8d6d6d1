using System.Text.Json;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>The OpenAPI document tells what is served, no more and no less.</summary>
public sealed class DocumentTests(ApiHome home) : IClassFixture<ApiHome>
{
    [Fact]
    public async Task The_document_has_exactly_the_endpoints_that_are_served()
    {
        using var document = await ReadAsync();

        var told = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order();

        Assert.Equal(home.Server.Endpoints.Select(static one => $"{one.Method} {one.Path}").Order(), told);
    }

    [Fact]
    public async Task The_document_has_exactly_the_query_parameters_that_are_taken()
    {
        using var document = await ReadAsync();

        var told = ApiOperation.All(document.RootElement)
            .Select(static one => $"{(one.IsPost ? "POST" : "GET")} {one.Path}?{string.Join('&', one.Query.Select(static query => query.Name).Order())}");

        Assert.Equal(
            home.Server.Endpoints.Select(static one => $"{one.Method} {one.Path}?{string.Join('&', one.Query.Order())}").Order(), told.Order());
    }

    [Fact]
    public async Task Each_operation_has_a_name_of_its_own_a_summary_its_path_parameters_and_the_problem_answer()
    {
        using var document = await ReadAsync();
        var names = new HashSet<string>();
        Assert.StartsWith("3.1.", document.RootElement.GetProperty("openapi").GetString());
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var (method, operation) in path.Value.EnumerateObject().Select(static one => (one.Name, one.Value)))
            {
                Assert.True(names.Add(operation.GetProperty("operationId").GetString()!), path.Name);
                Assert.NotEqual("", operation.GetProperty("summary").GetString());
                Assert.True(operation.GetProperty("responses").TryGetProperty("default", out _), path.Name);
                Assert.Contains(operation.GetProperty("responses").EnumerateObject(), static one => one.Name.StartsWith('2'));
                var links = operation.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Select(static one => one.TryGetProperty("$ref", out var link) ? link.GetString() : null)
                    : [];
                Assert.Equal(path.Name.Contains("{space}", StringComparison.Ordinal), links.Contains("#/components/parameters/space"));
                Assert.False(method == "get" && operation.TryGetProperty("requestBody", out _), path.Name);
            }
        }
    }

    [Fact]
    public async Task Each_reference_in_it_leads_somewhere()
    {
        using var document = await ReadAsync();
        var links = new List<string>();
        Collect(document.RootElement, links);

        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            var place = document.RootElement;
            foreach (var part in link.Split('/').Skip(1))
            {
                Assert.True(place.TryGetProperty(part, out place), link);
            }
        }
    }

    private static void Collect(JsonElement element, List<string> links)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Name == "$ref")
                    {
                        links.Add(property.Value.GetString()!);
                    }

                    Collect(property.Value, links);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, links);
                }

                break;
        }
    }

    private async Task<JsonDocument> ReadAsync()
    {
        using var client = home.Client();
        return JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
    }
}
