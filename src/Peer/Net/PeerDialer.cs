using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>Dials one address again and again, waiting longer after each failure.</summary>
internal sealed class PeerDialer(PeerNetwork network, ITransport transport, PeerAddress address, bool isConfigured, ILogger log)
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(60);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile string _state = "connecting";
    private volatile string _detail = "";
    private int _failures;

    /// <summary>The address.</summary>
    public PeerAddress Address => address;

    /// <summary>What it is about while there is no session.</summary>
    public PeerStatus Status => new(address.ToString(), null, network.IsPaused ? "paused" : _state, _detail, [], 0, 0, null);

    /// <summary>Tries at once instead of waiting on.</summary>
    public void Wake()
    {
        _failures = 0;
        _ = _wake.Writer.TryWrite(true);
    }

    /// <summary>Runs until cancelled; a hint of a ticket is given up once its space has been joined elsewhere.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!network.IsPaused)
            {
                await TryAsync(cancellationToken);
            }

            await WaitAsync(cancellationToken);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            _state = "connecting";
            if (await network.DialAsync(this, transport, address, cancellationToken))
            {
                _failures = 0;
            }
            else
            {
                _failures++;
            }

            _detail = "the connection ended";
        }
        catch (Exception fault) when (fault is TransportException or HandshakeException or SecureSessionException or OperationCanceledException)
        {
            _failures++;
            var detail = fault switch
            {
                OperationCanceledException => "the connection was ended here",
                HandshakeException { Failure: HandshakeFailure.NotAReplica } =>
                    $"What answers there is no Replica peer: check the address. {fault.Message}",
                _ => fault.Message,
            };
            if (_detail != detail && fault is not OperationCanceledException)
            {
                // Said once, not at every try.
                PeerLog.Unreachable(log, address, detail);
            }

            _detail = detail;
        }
        catch (Exception fault)
        {
            // Whatever it is, the address is dialled again.
            _failures++;
            PeerLog.SessionFailed(log, fault, address, fault.GetType().Name, fault.Message);
            _detail = "a fault of this program";
        }

        _state = "waiting";
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        // Full jitter: many peers that lost one another at once must not come back at once.
        var ceiling = Math.Min(DelayMax.TotalMilliseconds, DelayMin.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 20)));
        var delay = network.IsPaused
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(isConfigured && _failures == 0 ? DelayMin.TotalMilliseconds : RandomNumberGenerator.GetInt32((int)ceiling + 1));
        try
        {
            using var timeout = new CancellationTokenSource(delay, network.Time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            _ = await _wake.Reader.ReadAsync(linked.Token);
        }
        catch (OperationCanceledException)
        {
            // The time is over, or the network is being closed: the loop looks.
        }
    }
}
