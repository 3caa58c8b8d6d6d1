using System.Globalization;
using System.Net;
using Replica.Transport.Links;

namespace Replica.Transport.Polling;

/// <summary>The device's end of a polling session: one request fetches all the time, another sends when there is something.</summary>
internal sealed class PollingLink : IByteLink
{
    private const int TriesMax = 5;
    private static readonly TimeSpan RequestLimit = PollingWire.WaitLimit + TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly HttpMessageInvoker _http;
    private readonly PeerAddress.RelayRoute _relay;
    private readonly string _id;
    private readonly TimeProvider _time;
    private readonly ByteBuffer _incoming = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _running;
    private long _sent;

    /// <summary>Takes over a session that was opened.</summary>
    public PollingLink(HttpMessageInvoker http, PeerAddress.RelayRoute relay, string id, TimeProvider time)
    {
        _http = http;
        _relay = relay;
        _id = id;
        _time = time;
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        var length = await _incoming.ReadAsync(buffer, cancellationToken);
        ThrowIfOver();
        return length;
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, PollingWire.BodyBytesMax)];
            await SendBodyAsync(part, isEnd: false, cancellationToken);
            bytes = bytes[part.Length..];
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken) => SendBodyAsync(default, isEnd: true, cancellationToken);

    /// <inheritdoc/>
    public void Abort()
    {
        _over.Cancel();
        _incoming.Break();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Abort();
        await _running;
    }

    private async Task RunAsync()
    {
        await FetchAsync();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, _over.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody here listens or speaks any more.
        }

        await SayGoodbyeAsync();
    }

    /// <summary>A body with the number 0 ends the session at once; without it the relay would wait for more until it dies of silence.</summary>
    private async Task SayGoodbyeAsync()
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit, _time);
        using var request = new HttpRequestMessage(HttpMethod.Post, _relay.ToUri(PollingWire.SendPath, isWebSocket: false));
        request.Headers.Add(PollingWire.SessionHeader, _id);
        request.Headers.Add(PollingWire.SequenceHeader, "0");
        request.Content = new ReadOnlyMemoryContent(default);
        try
        {
            using var answer = await _http.SendAsync(request, limit.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The relay is gone, or will notice by itself.
        }
    }

    private async ValueTask SendBodyAsync(ReadOnlyMemory<byte> bytes, bool isEnd, CancellationToken cancellationToken)
    {
        var sequence = ++_sent;
        while (true)
        {
            ThrowIfOver();
            using var answer = await AskAsync(
                PollingWire.SendPath, PollingWire.SequenceHeader, sequence, bytes, isEnd, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.NoContent:
                    return;
                case HttpStatusCode.TooManyRequests:
                    continue;
                default:
                    throw Lost($"it answered {(int)answer.StatusCode}", null);
            }
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var received = 0L;
            while (true)
            {
                using var answer = await AskAsync(
                    PollingWire.ReceivePath, PollingWire.AcknowledgeHeader, received, default, isEnd: false, _over.Token);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    throw Lost($"it answered {(int)answer.StatusCode}", null);
                }

                await answer.Content.LoadIntoBufferAsync(PollingWire.BodyBytesMax, _over.Token);
                var sequence = answer.Headers.TryGetValues(PollingWire.SequenceHeader, out var values)
                    && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
                if (sequence == received)
                {
                    // Nothing came in time.
                    continue;
                }

                if (sequence != received + 1)
                {
                    throw Lost("a part is missing", null);
                }

                received = sequence;
                var body = await answer.Content.ReadAsByteArrayAsync(_over.Token);
                if (body.Length > 0)
                {
                    _ = await _incoming.WriteAsync(body);
                }

                if (answer.Headers.Contains(PollingWire.EndHeader))
                {
                    _incoming.End();
                    return;
                }
            }
        }
        catch (Exception fault) when (fault is TransportException or OperationCanceledException or HttpRequestException or IOException)
        {
            Abort();
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        string path, string header, long number, ReadOnlyMemory<byte> bytes, bool isEnd, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(RequestLimit, _time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _over.Token);
            using var request = new HttpRequestMessage(HttpMethod.Post, _relay.ToUri(path, isWebSocket: false));
            request.Headers.Add(PollingWire.SessionHeader, _id);
            request.Headers.Add(header, number.ToString(CultureInfo.InvariantCulture));
            if (isEnd)
            {
                request.Headers.Add(PollingWire.EndHeader, "1");
            }

            request.Content = new ReadOnlyMemoryContent(bytes);
            try
            {
                return await _http.SendAsync(request, linked.Token);
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
            {
                // What got no answer is asked again under the same number: the relay takes it once.
                cancellationToken.ThrowIfCancellationRequested();
                if (attempt == TriesMax || _over.IsCancellationRequested)
                {
                    throw Lost(fault.Message, fault);
                }

                await Task.Delay(RetryPause * attempt, _time, cancellationToken);
            }
        }
    }

    private void ThrowIfOver()
    {
        if (_over.IsCancellationRequested)
        {
            throw Lost("it was closed", null);
        }
    }

    private TransportException Lost(string why, Exception? inner) => new(
        TransportFailure.ConnectionLost, $"The polling session with the relay {_relay.Relay} broke: {why}", inner);
}
