using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>
/// Every endpoint, as the API's own document tells of it, with wrong types, missing parts, too much, the wrong method, the wrong token
/// and the wrong space: a problem document with a stable code, and nothing changed.
/// </summary>
public sealed class BadRequestTests(ApiHome home) : IClassFixture<ApiHome>
{
    private const int SmallBodyBytes = 64 * 1024;
    private const int BodyBytes = 8 * 1024 * 1024;

    private static readonly JsonNode?[] s_wrong =
        [null, true, -1, 0, 1.5, 1e300, "", "\0", "x y", new JsonArray(), new JsonArray(1, null), new JsonObject { ["x"] = 1 }];

    private static readonly string[] s_noObjects =
        ["", " ", "null", "[]", "1", "\"x\"", "{", "{}x", "{\"nonsense\":1}", "\u0000", "{\"a\":1,\"a\":1}", new('[', 5000)];

    private static readonly string[] s_nowhere =
        ["/", "/v1", "/v1/", "/v2/status", "/v1/statusx", "/v1/spaces/main", "/v1/spaces/main/nothing", "/v1/spaces//node", "/openapi"];

    [Fact]
    public async Task Every_endpoint_refuses_a_space_that_is_not_there()
    {
        await RefusedAsync(async (client, operation) =>
        {
            if (!operation.Path.Contains("{space}", StringComparison.Ordinal))
            {
                return;
            }

            foreach (var (space, code) in new[] { ("none", "REPLICA_NO_SPACE"), ("..%2Fmain", "REPLICA_NO_SPACE"), ("%20", "REPLICA_NO_SPACE") })
            {
                var path = operation.Path.Replace("{space}", space, StringComparison.Ordinal) + operation.DueQuery;
                using var request = operation.IsPost ? ApiHome.Post(path, operation.GoodBody, operation.BodyType) : new(HttpMethod.Get, path);
                using var answer = await client.SendAsync(request);
                _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.NotFound, code);
            }
        });
    }

    [Fact]
    public async Task Every_endpoint_refuses_other_methods_and_names_its_own()
    {
        await RefusedAsync(async (client, operation) =>
        {
            foreach (var method in new[] { "PUT", "PATCH", "DELETE", "TRACE", "BREW" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), operation.PathInMain);
                request.Content = method == "TRACE" ? null : new StringContent("{}", Encoding.UTF8, operation.BodyType);
                using var answer = await client.SendAsync(request);
                // A method that nobody knows is refused by its type or by its name.
                Assert.True(
                    answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType,
                    $"{method} {operation.Path}: {answer.StatusCode}");
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                if (answer.StatusCode == HttpStatusCode.MethodNotAllowed)
                {
                    Assert.NotEmpty(answer.Content.Headers.Allow);
                }
            }
        });
    }

    [Fact]
    public async Task Every_query_refuses_values_out_of_its_range_and_parts_that_are_missing()
    {
        await RefusedAsync(async (client, operation) =>
        {
            if (operation.Path.EndsWith("/import", StringComparison.Ordinal))
            {
                return;
            }

            if (operation.DueQuery.Length > 0)
            {
                using var missing = await client.GetAsync(new Uri(operation.PathInMain, UriKind.Relative));
                _ = await ApiHome.IsProblemAsync(missing, HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
            }

            foreach (var (name, type) in operation.Query.Where(static one => one.Type is "integer" or "boolean"))
            {
                foreach (var bad in type == "integer" ? ["-1", "x", "1.5", "99999999999999999999", " ", "1;2"] : new[] { "yes", "1", "TRUE", " " })
                {
                    using var answer = await client.GetAsync(new Uri($"{operation.PathInMain}?{name}={Uri.EscapeDataString(bad)}", UriKind.Relative));
                    _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
                }
            }
        });
    }

    [Fact]
    public async Task Every_endpoint_refuses_query_parameters_that_it_does_not_have_and_names_those_it_has()
    {
        await RefusedAsync(async (client, operation) =>
        {
            var sign = operation.DueQuery.Length == 0 ? '?' : '&';
            var names = operation.Query.Select(static one => one.Name).ToArray();
            foreach (var typo in (string[])["nonsense", "", "limt", .. names.Select(static name => name.ToUpperInvariant())])
            {
                var text = await RefusedQueryAsync(client, operation, $"{operation.DueQuery}{sign}{typo}=1", "REPLICA_UNKNOWN_PARAMETER");
                Assert.Contains($"no query parameter '{typo}'", text);
                Assert.Contains(names.Length == 0 ? "it takes none" : $"it takes {string.Join(", ", names)}.", text);
            }
        });
    }

    [Fact]
    public async Task Every_endpoint_refuses_a_query_parameter_that_stands_twice()
    {
        await RefusedAsync(async (client, operation) =>
        {
            foreach (var (name, _) in operation.Query)
            {
                Assert.Contains("2 times", await RefusedQueryAsync(client, operation, $"?{name}=1&{name}=1", "REPLICA_BAD_INPUT"));
            }
        });
    }

    [Fact]
    public async Task Every_body_refuses_what_is_no_object_of_its_own()
    {
        await RefusedAsync(async (client, operation) =>
        {
            if (operation.Body is not { } schema)
            {
                return;
            }

            foreach (var body in s_noObjects)
            {
                // Blank lines are passed over in an import, so nothing is no fault there.
                if (!(operation.Path.EndsWith("/import", StringComparison.Ordinal) && body.Trim().Length == 0))
                {
                    await IsRefusedAsync(client, operation, body);
                }
            }

            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                foreach (var wrong in s_wrong)
                {
                    if (!MayBe(property.Name, wrong) && operation.GoodBody.Length > 2)
                    {
                        var body = JsonNode.Parse(operation.GoodBody)!.AsObject();
                        body[property.Name] = wrong?.DeepClone();
                        await IsRefusedAsync(client, operation, body.ToJsonString());
                    }
                }
            }

            foreach (var due in schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(static one => one.GetString()!) : [])
            {
                var body = JsonNode.Parse(operation.GoodBody)!.AsObject();
                _ = body.Remove(due);
                await IsRefusedAsync(client, operation, body.ToJsonString());
            }
        });
    }

    [Fact]
    public async Task Every_mutation_refuses_wrong_types_and_missing_parts()
    {
        var before = await home.SnapshotAsync();
        using var client = home.Client();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var kinds = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Mutation").GetProperty("properties");
        JsonNode[] objects =
        [
            new JsonObject(), new JsonObject { ["id"] = 1 }, new JsonObject { ["id"] = new string('i', 257) },
            new JsonObject { ["edge"] = new JsonArray("a", "r") }, new JsonObject { ["nonsense"] = 1 },
        ];
        foreach (var mutation in kinds.EnumerateObject())
        {
            foreach (var content in s_wrong.Concat(objects))
            {
                // Without a parent it gives the top's children new positions, and there are none.
                if (mutation.Name == "respace" && content is JsonObject { Count: 0 })
                {
                    continue;
                }

                var good = new JsonObject { ["put"] = new JsonObject { ["id"] = "z" } };
                var body = new JsonObject { ["mutations"] = new JsonArray(good, new JsonObject { [mutation.Name] = content?.DeepClone() }) };
                using var answer = await client.SendAsync(ApiHome.Post("/v1/spaces/main/transactions", body.ToJsonString()));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode is 400 or 404 or 409, $"{mutation.Name}: {content?.ToJsonString()}: {(int)answer.StatusCode} {text}");
                Assert.Contains("\"code\":\"REPLICA_", text);
                Assert.DoesNotContain("REPLICA_INTERNAL", text);
            }
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }

    [Fact]
    public async Task Every_body_has_a_limit()
    {
        await RefusedAsync(async (client, operation) =>
        {
            if (operation.Body is null)
            {
                return;
            }

            var isBig = operation.Path.EndsWith("/transactions", StringComparison.Ordinal);
            var isEndless = operation.Path.EndsWith("/import", StringComparison.Ordinal);
            var length = isEndless ? (4 * 1024 * 1024) + 1 : (isBig ? BodyBytes : SmallBodyBytes) + 1;
            using var request = ApiHome.Post(operation.PathInMain, (isEndless ? "{" : "") + new string(' ', length), operation.BodyType);
            request.Headers.ExpectContinue = true;
            using var answer = await client.SendAsync(request);
            var text = await ApiHome.IsProblemAsync(answer, HttpStatusCode.BadRequest, isEndless ? "REPLICA_BAD_LINE" : "REPLICA_BAD_INPUT");
            Assert.Contains("longer than", text);
        });
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_not_found()
    {
        using var client = home.Client();
        foreach (var path in s_nowhere)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.NotFound, "REPLICA_NOT_FOUND");
        }
    }

    private static bool MayBe(string property, JsonNode? value) => (property, value?.GetValueKind()) switch
    {
        // Each is a value of the property, or null for one that may be left out.
        ("mutations", JsonValueKind.Array) => value!.AsArray().Count == 0,
        ("hints", JsonValueKind.Array) => value!.AsArray().Count == 0,
        ("text" or "base64", JsonValueKind.String) => true,
        ("ttlMs", JsonValueKind.Number) => value!.ToJsonString() == "0",
        ("displayName", JsonValueKind.String) => true,
        ("key" or "type", JsonValueKind.String) => true,
        ("fields", JsonValueKind.Object) => true,
        ("node", JsonValueKind.String) => value!.GetValue<string>().Length > 0,
        (_, JsonValueKind.Null or null) => property is "vector",
        _ => false,
    };

    private static async Task<string> RefusedQueryAsync(HttpClient client, ApiOperation operation, string query, string code)
    {
        var path = operation.PathInMain + query;
        using var request = operation.IsPost ? ApiHome.Post(path, operation.GoodBody, operation.BodyType) : new(HttpMethod.Get, path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path}: {(int)answer.StatusCode}");
        return JsonNode.Parse(await ApiHome.IsProblemAsync(answer, HttpStatusCode.BadRequest, code))!["detail"]!.GetValue<string>();
    }

    private static async Task IsRefusedAsync(HttpClient client, ApiOperation operation, string body)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(ApiHome.Post(operation.PathInMain, body, operation.BodyType));
        }
        catch (HttpRequestException fault)
        {
            throw new InvalidOperationException($"{operation.Path} broke off at {body[..Math.Min(200, body.Length)]}", fault);
        }

        using var owned = answer;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(
            (int)answer.StatusCode is 400 or 404 or 409,
            $"{operation.Path} took {(body.Length > 200 ? body[..200] : body)}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"REPLICA_", text);
        Assert.DoesNotContain("REPLICA_INTERNAL", text);
    }

    private async Task RefusedAsync(Func<HttpClient, ApiOperation, Task> ask)
    {
        var before = await home.SnapshotAsync();
        using var client = home.Client();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var operations = ApiOperation.All(document.RootElement).ToArray();
        Assert.True(operations.Length > 30);
        foreach (var operation in operations)
        {
            await ask(client, operation);
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }
}
