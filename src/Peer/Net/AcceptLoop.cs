using Microsoft.Extensions.Logging;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Takes in what comes at one listener, and goes on after a bad moment.</summary>
internal sealed class AcceptLoop(IListener listener, TimeProvider time, ILogger log)
{
    /// <summary>The pause after a failed accept.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the listener is closed.</summary>
    public async Task RunAsync(Func<IConnection, Task> take, CancellationToken cancellationToken)
    {
        try
        {
            while (await TryAcceptAsync(take, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The network is being closed.
        }
    }

    /// <returns>False once the listener is closed.</returns>
    private async Task<bool> TryAcceptAsync(Func<IConnection, Task> take, CancellationToken cancellationToken)
    {
        try
        {
            if (await listener.AcceptAsync(cancellationToken) is not { } connection)
            {
                return false;
            }

            await take(connection);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // One bad moment of the system must not keep peers out for good.
            PeerLog.AcceptFailed(log, listener.Address, fault.Message);
            await Task.Delay(Pause, time, cancellationToken);
        }

        return true;
    }
}
