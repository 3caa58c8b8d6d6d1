using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Replica.Bench.Sync;

/// <summary>What no peer can do without: one byte there and back over loopback TCP, and one page made durable.</summary>
internal sealed class RawRoundTrips(int count) : Contender
{
    private const int PageBytes = 4096;

    private readonly List<TimeSpan> _times = [];

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient { NoDelay = true };
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var far = await listener.AcceptTcpClientAsync(cancellationToken);
        far.NoDelay = true;
        var echo = EchoAsync(far.GetStream(), cancellationToken);
        await using var file = new FileStream(Path.Combine(folder, "pages"), FileMode.CreateNew);
        var (stream, page) = (near.GetStream(), new byte[PageBytes]);
        for (var done = 0; done < count; done++)
        {
            var begun = Stopwatch.GetTimestamp();
            await stream.WriteAsync(page.AsMemory(0, 1), cancellationToken);
            await stream.ReadExactlyAsync(page.AsMemory(0, 1), cancellationToken);
            await file.WriteAsync(page, cancellationToken);
            file.Flush(flushToDisk: true);
            _times.Add(Stopwatch.GetElapsedTime(begun));
        }

        near.Close();
        await echo;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<string?> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>(LiveChanges.Describe(_times));

    private static async Task EchoAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1)
        {
            await stream.WriteAsync(one, cancellationToken);
        }
    }
}
