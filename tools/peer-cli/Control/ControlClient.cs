using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.PeerCli.Control;

/// <summary>Speaks the control API over a Unix-domain socket.</summary>
internal sealed class ControlClient : IDisposable
{
    // Commands that hold the home for a moment each may come and go while one of them tries to reach the holder.
    private const int HoldersMax = 8;

    private const int CopyBytes = 64 * 1024;
    private const int TailBytes = 4096;

    private readonly HttpClient _http;
    private readonly Func<CancellationToken, Task<string?>> _findHolder;
    private string _socketPath = "";

    /// <summary>Makes a client; it connects with the first request.</summary>
    /// <param name="socketPath">The socket of the process that holds the home.</param>
    /// <param name="findHolder">Finds the socket anew when that process is gone; null if there is nobody to turn to.</param>
    public ControlClient(string socketPath, Func<CancellationToken, Task<string?>> findHolder)
    {
        _socketPath = socketPath;
        _findHolder = findHolder;
        var handler = Handler();
        handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(_socketPath, cancellationToken);
        _http = Http(handler, new Uri("http://replica"));
    }

    /// <summary>Makes a client that goes over TCP.</summary>
    /// <param name="address">Where a daemon serves its API.</param>
    /// <param name="token">What it wants to be shown.</param>
    public ControlClient(Uri address, string token)
    {
        _findHolder = static _ => Task.FromResult<string?>(null);
        _http = Http(Handler(), address);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Whether a process listens on the socket.</summary>
    public static async Task<bool> AnswersAsync(string socketPath, CancellationToken cancellationToken)
    {
        if (!File.Exists(socketPath))
        {
            return false;
        }

        try
        {
            await using var stream = await ConnectAsync(socketPath, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Asks for one JSON document.</summary>
    /// <exception cref="ReplicaException">The home refused.</exception>
    public async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Sends a JSON document and takes the one that answers; empty if none does.</summary>
    /// <exception cref="ReplicaException">The home refused.</exception>
    public async Task<string> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Commits mutations as one transaction.</summary>
    /// <exception cref="ReplicaException">The home refused; nothing of it was written.</exception>
    public Task<string> WriteAsync(string space, IReadOnlyList<Mutation> mutations, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        MutationJson.WriteBody(body, mutations);
        return PostAsync(Paths.Of(space, "transactions"), body.WrittenMemory, cancellationToken);
    }

    /// <summary>Reads an answer line by line as it comes.</summary>
    /// <exception cref="ReplicaException">The home refused.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public IAsyncEnumerable<string> LinesAsync(string path, CancellationToken cancellationToken) =>
        LinesAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Sends a JSON document, or an empty body, and reads the answer line by line as it comes.</summary>
    /// <exception cref="ReplicaException">The home refused.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public IAsyncEnumerable<string> PostLinesAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        LinesAsync(HttpMethod.Post, path, body, cancellationToken);

    private async IAsyncEnumerable<string> LinesAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, body, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            // An answer that can't be given to its end says why in its last line.
            yield return Answer.ProblemIn(line) is { } problem ? throw problem : line;
        }
    }

    /// <summary>Copies an answer as it comes.</summary>
    /// <exception cref="ReplicaException">The home refused.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public async Task CopyAsync(string path, Stream output, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[CopyBytes];
        var held = 0;
        while (await stream.ReadAsync(buffer.AsMemory(held), cancellationToken) is > 0 and var read)
        {
            held += read;
            var ready = Math.Max(0, held - TailBytes);
            await output.WriteAsync(buffer.AsMemory(0, ready), cancellationToken);
            buffer.AsSpan(ready, held - ready).CopyTo(buffer);
            held -= ready;
        }

        // A last line that says why there is no more belongs to it no more.
        if (Answer.ProblemAtEnd(buffer.AsSpan(0, held)) is { } problem)
        {
            throw problem;
        }

        await output.WriteAsync(buffer.AsMemory(0, held), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var answer = await SendToHolderAsync(method, path, body, cancellationToken);
        try
        {
            await Answer.CheckAsync(answer, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendToHolderAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        for (var holder = 1; ; holder++)
        {
            try
            {
                return await SendOnceAsync(method, path, body, cancellationToken);
            }
            catch (HttpRequestException fault) when (holder < HoldersMax)
            {
                // A holder that stops in order answers whatever it has begun, so what got no answer was not done. After a
                // crash it may have been: writing the same again is harmless, and the rest says so by its own error.
                _socketPath = await _findHolder(cancellationToken) ?? throw Gone(fault);
            }
            catch (HttpRequestException fault)
            {
                throw Gone(fault);
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version11 };
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static SocketsHttpHandler Handler() => new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };

    private static HttpClient Http(SocketsHttpHandler handler, Uri address) => new(handler)
    {
        BaseAddress = address,
        // A large import waits for its commits; the user ends a command that takes too long.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static ReplicaException Gone(HttpRequestException fault) => new(
        "REPLICA_DAEMON_GONE",
        "The process that held the home ended before it answered: look at the result, then give the command again.",
        fault);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
