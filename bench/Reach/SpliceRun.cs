using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Replica.Bench.Sync;

namespace Replica.Bench.Reach;

/// <summary>Sends through a process that only copies from socket to socket.</summary>
internal sealed class SpliceRun(int tunnels, int messagesEach) : Contender
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<(Socket Near, Socket Far)> _pairs = [];
    private readonly byte[] _message = TunnelRate.Message();
    private ChildProcess? _splice;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _listener.Start(512);
        _splice = ChildProcess.Start("splice", ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        var port = int.Parse(await _splice.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
        while (_pairs.Count < tunnels)
        {
            var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await near.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            _pairs.Add((near, await _listener.AcceptSocketAsync(cancellationToken)));
        }

        _ = await MoveAsync(TunnelRate.WarmUpEach, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken) =>
        await MoveAsync(messagesEach, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var (near, far) in _pairs)
        {
            near.Dispose();
            far.Dispose();
        }

        _listener.Dispose();
        if (_splice is not null)
        {
            await _splice.DisposeAsync();
        }
    }

    private async Task<long> MoveAsync(int each, CancellationToken cancellationToken)
    {
        var sending = _pairs.Select(pair => SendAsync(pair.Near, each, cancellationToken)).ToArray();
        var received = await Task.WhenAll(_pairs.Select(pair => ReceiveAsync(pair.Far, each, cancellationToken)));
        await Task.WhenAll(sending);
        return received.Sum() / TunnelRate.MessageBytes;
    }

    private async Task SendAsync(Socket to, int each, CancellationToken cancellationToken)
    {
        for (var count = 0; count < each; count++)
        {
            for (var sent = 0; sent < _message.Length;)
            {
                sent += await to.SendAsync(_message.AsMemory(sent), cancellationToken);
            }
        }
    }

    private static async Task<long> ReceiveAsync(Socket from, int each, CancellationToken cancellationToken)
    {
        var buffer = new byte[TunnelRate.MessageBytes];
        var received = 0L;
        while (received < (long)each * TunnelRate.MessageBytes)
        {
            received += await from.ReceiveAsync(buffer, cancellationToken);
        }

        return received;
    }
}
