using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Testing.Echo;

/// <summary>
/// A peer that does the documented entry, with all its checks and limits, and then sends each message back: for those who
/// write a peer of their own and want to know whether the first step is right.
/// </summary>
/// <param name="device">Its identity.</param>
/// <param name="noiseStatic">Its session key.</param>
/// <param name="allowed">The only device that it talks to; null for any.</param>
/// <param name="time">Measures the deadlines.</param>
/// <param name="events">Is told of sessions.</param>
public sealed class EchoPeer(
    DeviceKeyPair device, NoiseStaticKey noiseStatic, DeviceKey? allowed, TimeProvider time, IEchoEvents events)
{
    /// <summary>Sessions at one time; a further one is closed when it has proved itself.</summary>
    public const int SessionsMax = 256;

    /// <summary>How long the other side may leave an answer unread: 60 s.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(60);

    private readonly HandshakeGate _handshakes = new();
    private int _sessions;

    /// <summary>Answers everybody who dials, until cancelled; then all sessions end. A bad peer ends nothing but its own.</summary>
    /// <param name="listener">Where it accepts; disposed at the end.</param>
    /// <param name="cancellationToken">Ends it; it then returns without an error.</param>
    /// <exception cref="TransportException">The system lets nobody in any more.</exception>
    public async Task ServeAsync(IListener listener, CancellationToken cancellationToken)
    {
        await using var _ = listener;
        var running = new HashSet<Task>();
        try
        {
            while (await listener.AcceptAsync(cancellationToken) is { } connection)
            {
                running.RemoveWhere(static task => task.IsCompleted);
                running.Add(RespondAsync(connection, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // Being told to stop is how it ends.
        }

        await Task.WhenAll(running);
    }

    /// <summary>Dials somebody and answers until the other side ends the session.</summary>
    /// <exception cref="TransportException">Nobody answers there.</exception>
    /// <exception cref="HandshakeException">Who answers does not prove to be the right one.</exception>
    public async Task DialAsync(ITransport transport, PeerAddress address, CancellationToken cancellationToken)
    {
        var connection = await transport.ConnectAsync(address, cancellationToken);
        var session = await SecureHandshake.InitiateAsync(connection, device, noiseStatic, allowed, time, cancellationToken);
        await EchoAsync(session, cancellationToken);
    }

    private async Task RespondAsync(IConnection connection, CancellationToken cancellationToken)
    {
        // The accepting loop goes on at once.
        await Task.Yield();
        var from = connection.RemoteAddress;
        try
        {
            SecureConnection session;
            using (_handshakes.Enter(connection))
            {
                session = await SecureHandshake.RespondAsync(connection, device, noiseStatic, time, cancellationToken);
            }

            if (allowed is { } only && session.RemoteDevice != only)
            {
                await RefuseAsync(session, "REPLICA_WRONG_DEVICE", $"Device {session.RemoteDevice} is not the one that is allowed.");
            }
            else if (Interlocked.Increment(ref _sessions) is var count && count > SessionsMax)
            {
                _ = Interlocked.Decrement(ref _sessions);
                await RefuseAsync(session, "REPLICA_TOO_MANY_SESSIONS", $"{SessionsMax} sessions are open: end one of them.");
            }
            else
            {
                try
                {
                    await EchoAsync(session, cancellationToken);
                }
                finally
                {
                    _ = Interlocked.Decrement(ref _sessions);
                }
            }
        }
        catch (HandshakeException refused)
        {
            events.OnRefused(from, refused.Code, refused.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The whole echo ends.
        }
    }

    private async Task RefuseAsync(SecureConnection session, string code, string reason)
    {
        events.OnRefused(session.RemoteAddress, code, reason);
        session.Abort(null);
        await session.DisposeAsync();
    }

    private async Task EchoAsync(SecureConnection session, CancellationToken cancellationToken)
    {
        events.OnSession(session.RemoteDevice, session.Role, session.RemoteAddress, session.HandshakeHash);
        long messages = 0;
        string reason;
        try
        {
            while (await session.ReadAsync(cancellationToken) is { IsEmpty: false } message)
            {
                using var limit = new CancellationTokenSource(WriteLimit, time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
                await session.WriteAsync(message, linked.Token);
                messages++;
            }

            reason = "the other side ended it";
        }
        catch (Exception fault) when (fault is SecureSessionException or TransportException)
        {
            reason = fault.Message;
        }
        catch (OperationCanceledException)
        {
            reason = cancellationToken.IsCancellationRequested
                ? "it was stopped here"
                : $"the other side took nothing in for {WriteLimit.TotalSeconds} s";
            session.Abort(null);
        }

        await session.DisposeAsync();
        events.OnEnded(session.RemoteDevice, messages, reason);
    }
}
