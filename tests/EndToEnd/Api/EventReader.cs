using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>Reads server-sent events one after the other.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage answer, StreamReader reader)
    {
        _answer = answer;
        _reader = reader;
    }

    /// <summary>Opens the feed of the space <c>main</c>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="last">The last event that was seen; null for none.</param>
    /// <param name="query">A query.</param>
    public static async Task<EventReader> OpenAsync(HttpClient client, string? last, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/spaces/main/changes" + query);
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        }

        return new(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next line that is not empty.</summary>
    public async Task<string> LineAsync()
    {
        string? line;
        do
        {
            line = await _reader.ReadLineAsync().WaitAsync(ReplicaProcess.Limit) ?? throw new InvalidOperationException("The feed ended.");
        }
        while (line.Length == 0);

        return line;
    }

    /// <summary>The next event; signs of life are passed over.</summary>
    public async Task<(string Event, string Id, string Data)> NextAsync()
    {
        string line;
        do
        {
            line = await LineAsync();
        }
        while (line.StartsWith(':'));

        return (line["event: ".Length..], (await LineAsync())["id: ".Length..], (await LineAsync())["data: ".Length..]);
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
