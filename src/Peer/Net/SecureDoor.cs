using System.Diagnostics;
using Replica.Peer.Telemetry;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>Makes connections secure, from either side, and counts what became of each.</summary>
/// <param name="device">This device's key; the owner of the door disposes it.</param>
/// <param name="time">The clock.</param>
/// <param name="telemetry">Where attempts are counted; null for nowhere.</param>
internal sealed class SecureDoor(DeviceKeyPair device, TimeProvider time, PeerTelemetry? telemetry) : IDisposable
{
    private readonly NoiseStaticKey _noiseStatic = NoiseStaticKey.Create();
    private readonly HandshakeGate _handshakes = new();

    /// <summary>Answers whoever came in.</summary>
    public Task<SecureConnection> AnswerAsync(IConnection connection, CancellationToken cancellationToken)
    {
        return WatchAsync(isDialled: false, async () =>
        {
            using (_handshakes.Enter(connection))
            {
                return await SecureHandshake.RespondAsync(connection, device, _noiseStatic, time, cancellationToken);
            }
        });
    }

    /// <summary>Dials an address. Who answers and is not <paramref name="expected"/> learns nothing.</summary>
    public Task<SecureConnection> DialAsync(
        ITransport transport, PeerAddress address, DeviceKey? expected, CancellationToken cancellationToken)
    {
        return WatchAsync(isDialled: true, async () =>
        {
            var connection = await transport.ConnectAsync(address, cancellationToken);
            return await SecureHandshake.InitiateAsync(connection, device, _noiseStatic, expected, time, cancellationToken);
        });
    }

    public void Dispose() => _noiseStatic.Dispose();

    private static AttemptOutcome OutcomeOf(Exception fault) => fault switch
    {
        OperationCanceledException => AttemptOutcome.Cancelled,
        HandshakeException => AttemptOutcome.NoHandshake,
        TransportException or SecureSessionException => AttemptOutcome.Unreachable,
        _ => AttemptOutcome.Fault,
    };

    private async Task<SecureConnection> WatchAsync(bool isDialled, Func<Task<SecureConnection>> open)
    {
        using var activity = telemetry?.Start("replica.connect", isDialled ? ActivityKind.Client : ActivityKind.Server);
        try
        {
            var secure = await open();
            telemetry?.OnAttempt(isDialled, AttemptOutcome.Connected);
            return secure;
        }
        catch (Exception fault)
        {
            telemetry?.OnAttempt(isDialled, OutcomeOf(fault));
            _ = activity?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
