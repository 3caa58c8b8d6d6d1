using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A running daemon, asked over its control socket: a process for each look would be too slow to measure by.</summary>
internal sealed class LiveHome(Daemon daemon) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Control), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://replica"),
    };

    /// <summary>Writes a node with one field.</summary>
    public async Task PutAsync(string id, string text)
    {
        var body = "{\"mutations\":[{\"put\":{\"id\":\"" + id + "\",\"type\":\"t\",\"fields\":{\"x\":\"" + text + "\"}}}]}";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri("/v1/spaces/main/transactions", UriKind.Relative), content);
        _ = answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until a node is there.</summary>
    /// <returns>How long that took.</returns>
    public Task<TimeSpan> SeesAsync(string id) => UntilAsync($"/v1/spaces/main/node?id={id}", text => text.Contains("\"fields\"", StringComparison.Ordinal));

    /// <summary>Waits until a peer is connected whose address begins so.</summary>
    /// <returns>How long that took.</returns>
    public Task<TimeSpan> ConnectsAsync(string address = "") => UntilAsync("/v1/status", text =>
    {
        using var status = JsonDocument.Parse(text);
        return status.RootElement.GetProperty("peers").EnumerateArray().Any(peer =>
            peer.GetProperty("state").GetString() == "connected" && peer.GetProperty("spaces").GetArrayLength() > 0
            && peer.GetProperty("address").GetString()!.StartsWith(address, StringComparison.Ordinal));
    });

    /// <summary>Asks once.</summary>
    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Asks until the answer is as wished.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> UntilAsync(string path, Predicate<string> isTrue)
    {
        var clock = Stopwatch.StartNew();
        using var look = new PeriodicTimer(Pause);
        string text;
        do
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            text = await answer.Content.ReadAsStringAsync();
            if (isTrue(text))
            {
                return clock.Elapsed;
            }

            _ = await look.WaitForNextTickAsync();
        }
        while (clock.Elapsed < ReplicaProcess.Limit);

        throw new TimeoutException($"It never came to that: {text}");
    }

    public void Dispose() => _http.Dispose();
}
