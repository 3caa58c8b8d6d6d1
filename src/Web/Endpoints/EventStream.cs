using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Replica.Peer.Host;

namespace Replica.Web.Endpoints;

/// <summary>Sends server-sent events, no faster than the reader takes them, with a sign of life where nothing happens.</summary>
/// <param name="context">The request.</param>
/// <param name="time">Measures the silence.</param>
/// <param name="silence">After how much of it a sign of life is due.</param>
internal sealed class EventStream(HttpContext context, TimeProvider time, TimeSpan silence)
{
    private const int FlushBytes = 32 * 1024;

    private readonly PipeWriter _output = context.Response.BodyWriter;

    /// <summary>Begins: what the reader has to come back with if nothing follows.</summary>
    public async Task OpenAsync(string id, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        Put($"event: open\nid: {id}\ndata: {{\"position\":\"{id}\"}}\n\n");
        _ = await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Sends an event for each item until there is none, the reader goes, or the server stops.</summary>
    /// <param name="items">The items.</param>
    /// <param name="idOf">What names each for a reader that comes back.</param>
    /// <param name="write">Writes one as JSON.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync<T>(
        IAsyncEnumerable<T> items, Func<T, string> idOf, Action<IBufferWriter<byte>, T> write, CancellationToken cancellationToken)
    {
        await using var source = items.GetAsyncEnumerator(cancellationToken);
        while (await TryNextAsync(source, cancellationToken))
        {
            Put($"event: change\nid: {idOf(source.Current)}\ndata: ");
            write(_output, source.Current);
            Put("\n\n");
            if (_output.UnflushedBytes >= FlushBytes)
            {
                _ = await _output.FlushAsync(cancellationToken);
            }
        }

        _ = await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Ends when the reader goes or the server is about to stop: an endless answer must not hold it up.</summary>
    public static CancellationTokenSource EndWith(HttpContext context) => CancellationTokenSource.CreateLinkedTokenSource(
        context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

    /// <summary>A fault ends the stream with an event that says which.</summary>
    private async Task<bool> TryNextAsync<T>(IAsyncEnumerator<T> source, CancellationToken cancellationToken)
    {
        try
        {
            return await NextAsync(source, cancellationToken);
        }
        catch (ReplicaException fault)
        {
            Put("event: problem\ndata: ");
            Problems.WriteLine(_output, fault);
            Put("\n");
            return false;
        }
    }

    private async Task<bool> NextAsync<T>(IAsyncEnumerator<T> source, CancellationToken cancellationToken)
    {
        var next = source.MoveNextAsync();
        if (next.IsCompleted)
        {
            return await next;
        }

        // Before it waits, the reader gets all there is.
        var waiting = next.AsTask();
        _ = await _output.FlushAsync(cancellationToken);
        while (true)
        {
            try
            {
                return await waiting.WaitAsync(silence, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                Put(": still here\n\n");
                _ = await _output.FlushAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(waiting);
                throw;
            }
        }
    }

    /// <summary>An enumerator must not be disposed while it is on its way.</summary>
    private static async Task EndAsync(Task<bool> waiting)
    {
        try
        {
            _ = await waiting;
        }
        catch (Exception fault) when (fault is OperationCanceledException or ReplicaException)
        {
            // It ended by the same token, or has nothing more to say to anybody.
        }
    }

    private void Put(string text) => _ = Encoding.UTF8.GetBytes(text, _output);
}
