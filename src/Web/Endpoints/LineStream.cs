using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Replica.Peer.Host;

namespace Replica.Web.Endpoints;

/// <summary>Sends lines of JSON as they come, no faster than the reader takes them.</summary>
internal sealed class LineStream
{
    /// <summary>The type of an answer of lines.</summary>
    public const string ContentType = "application/x-ndjson";

    private const int FlushBytes = 32 * 1024;

    private readonly PipeWriter _output;
    private readonly CancellationToken _aborted;

    /// <summary>Begins an answer of lines.</summary>
    public LineStream(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        _output = context.Response.BodyWriter;
        _aborted = context.RequestAborted;
    }

    /// <summary>Writes one line for each item.</summary>
    public async Task WriteAsync<T>(IAsyncEnumerable<T> items, Action<IBufferWriter<byte>, T> write)
    {
        await foreach (var item in items.WithCancellation(_aborted))
        {
            write(_output, item);
            _output.Write("\n"u8);
            if (_output.UnflushedBytes >= FlushBytes)
            {
                _ = await _output.FlushAsync(_aborted);
            }
        }

        _ = await _output.FlushAsync(_aborted);
    }

    /// <summary>Writes one line for each step of a long work, at once. A fault after the first line becomes the last line.</summary>
    public async Task WriteStepsAsync<T>(IAsyncEnumerable<T> steps, Action<IBufferWriter<byte>, T> write)
    {
        var hasBegun = false;
        await using var work = steps.GetAsyncEnumerator(_aborted);
        while (true)
        {
            try
            {
                if (!await work.MoveNextAsync())
                {
                    return;
                }
            }
            catch (ReplicaException fault) when (hasBegun)
            {
                Problems.WriteLine(_output, fault);
                _ = await _output.FlushAsync(_aborted);
                return;
            }

            hasBegun = true;
            write(_output, work.Current);
            _output.Write("\n"u8);
            _ = await _output.FlushAsync(_aborted);
        }
    }
}
