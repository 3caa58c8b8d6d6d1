using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Replica.Transport;
using Replica.Transport.Relay;
using Replica.Web.Relay;

namespace Replica.Bench.Reach;

/// <summary>What stands in the middle in the rows on the relay: this program, called again. Talks in lines on the standard streams.</summary>
internal static class RelayChild
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>A relay that lets in all: says its address, then at each line its resident memory in bytes.</summary>
    public static async Task<int> RelayAsync(bool isLimited)
    {
        // Where all devices of a row come from one address, limits for an address would measure themselves.
        var options = isLimited
            ? new RelayOptions()
            : new RelayOptions
            {
                ConnectionsPerSourceMax = 20_000,
                ConnectsPerSourceSecond = 20_000,
                RequestsPerSourceSecond = 20_000,
                BytesPerSourceSecond = null,
            };
        var listen = (PeerAddress.WebSocketHost)PeerAddress.Parse("ws://127.0.0.1:0");
        await using var host = await RelayHost.StartAsync(listen, ["127.0.0.1"], options, null, [], TimeProvider.System, CancellationToken.None);
        Say(host.Address.Relay);
        while (Console.ReadLine() is not null)
        {
            Say(Environment.WorkingSet.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>The least that can stand in the middle: dials a port for whoever comes and copies both ways. Says its own port.</summary>
    public static async Task<int> SpliceAsync(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        Say(((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        var accepting = AcceptAsync(listener, port);
        _ = Console.ReadLine();
        listener.Stop();
        await accepting;
        return 0;
    }

    /// <summary>A flood on a relay: says at once and at each line what it did.</summary>
    public static async Task<int> FloodAsync(string relay)
    {
        await using var flood = new Flood(relay);
        await flood.StartAsync(CancellationToken.None);
        do
        {
            Say(flood.Told);
        }
        while (Console.ReadLine() is not null);

        return 0;
    }

    private static async Task AcceptAsync(TcpListener listener, int port)
    {
        var splices = new List<Task>();
        try
        {
            while (true)
            {
                splices.Add(SpliceAsync(await listener.AcceptSocketAsync(), port));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(splices);
        }
    }

    private static async Task SpliceAsync(Socket near, int port)
    {
        using var one = near;
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        one.NoDelay = true;
        await other.ConnectAsync(IPAddress.Loopback, port);
        await JoinAsync(one, other);
    }

    private static Task JoinAsync(Socket one, Socket other) => Task.WhenAll(CopyAsync(one, other), CopyAsync(other, one));

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // One end has gone; the other notices when it is disposed.
            from.Close();
            to.Close();
        }
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
