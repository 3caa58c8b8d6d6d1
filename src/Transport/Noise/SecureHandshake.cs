using System.IO.Pipelines;
using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>Turns a raw connection into a session with a known device, or closes it without a word.</summary>
public static class SecureHandshake
{
    /// <summary>How long a handshake may take, from dialling or accepting to its last message: 10 s.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Opens a session as the side that dialled. Takes over <paramref name="connection"/>, which is closed on failure.</summary>
    /// <param name="connection">A fresh connection on which nothing was sent.</param>
    /// <param name="device">This device's identity.</param>
    /// <param name="noiseStatic">This process's session key.</param>
    /// <param name="expected">Who must answer; null accepts any device, for the caller to judge.</param>
    /// <param name="time">Measures the deadline.</param>
    /// <param name="cancellationToken">Gives up; the connection is closed then too.</param>
    /// <exception cref="HandshakeException">There is no session; the reason says why.</exception>
    public static async Task<SecureConnection> InitiateAsync(
        IConnection connection,
        DeviceKeyPair device,
        NoiseStaticKey noiseStatic,
        DeviceKey? expected,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        using var machine = HandshakeMachine.Initiator(device, noiseStatic, expected, ephemeral);
        return await RunAsync(connection, machine, time, cancellationToken);
    }

    /// <summary>Opens a session as the side that was dialled. Takes over <paramref name="connection"/>, which is closed on failure.</summary>
    /// <param name="connection">A freshly accepted connection.</param>
    /// <param name="device">This device's identity.</param>
    /// <param name="noiseStatic">This process's session key.</param>
    /// <param name="time">Measures the deadline.</param>
    /// <param name="cancellationToken">Gives up; the connection is closed then too.</param>
    /// <exception cref="HandshakeException">There is no session; the reason says why. A stranger was told nothing.</exception>
    public static async Task<SecureConnection> RespondAsync(
        IConnection connection,
        DeviceKeyPair device,
        NoiseStaticKey noiseStatic,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        using var machine = HandshakeMachine.Responder(device, noiseStatic, ephemeral);
        return await RunAsync(connection, machine, time, cancellationToken);
    }

    private static async Task<SecureConnection> RunAsync(
        IConnection connection, HandshakeMachine machine, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await ExchangeAsync(connection, machine, linked.Token);
        }
        catch (Exception exception)
        {
            connection.Abort(exception);
            await connection.DisposeAsync();
            switch (exception)
            {
                case OperationCanceledException when !cancellationToken.IsCancellationRequested:
                    throw new HandshakeException(
                        HandshakeFailure.Timeout,
                        $"The handshake with {connection.RemoteAddress} did not end within {Deadline.TotalSeconds} s.",
                        exception);
                case TransportException:
                    throw Closed(connection, exception);
                default:
                    throw;
            }
        }
    }

    private static async Task<SecureConnection> ExchangeAsync(
        IConnection connection, HandshakeMachine machine, CancellationToken cancellationToken)
    {
        machine.Start(connection.Output);
        await FlushAsync(connection, cancellationToken);
        while (true)
        {
            var read = await connection.Input.ReadAsync(cancellationToken);
            var complete = Advance(connection, machine, read);
            await FlushAsync(connection, cancellationToken);
            if (complete)
            {
                return new SecureConnection(connection, machine.Finish());
            }

            if (read.IsCompleted)
            {
                throw Closed(connection, inner: null);
            }
        }
    }

    private static bool Advance(IConnection connection, HandshakeMachine machine, ReadResult read)
    {
        var buffer = read.Buffer;
        var complete = false;
        try
        {
            complete = machine.Advance(ref buffer, connection.Output);
            return complete;
        }
        finally
        {
            // What follows a complete handshake is left unseen, for the session to find at once.
            connection.Input.AdvanceTo(buffer.Start, complete ? buffer.Start : buffer.End);
        }
    }

    private static async ValueTask FlushAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var flush = await connection.Output.FlushAsync(cancellationToken);
        if (flush.IsCompleted)
        {
            throw Closed(connection, inner: null);
        }
    }

    private static HandshakeException Closed(IConnection connection, Exception? inner) => new(
        HandshakeFailure.Closed,
        $"{connection.RemoteAddress} closed the connection during the handshake: it refused this side, or the network did.",
        inner);
}
