using System.Buffers;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Memory;
using Replica.Transport.Noise;
using Replica.Transport.Tcp;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>The handshake over connections: deadlines, strangers, and who is told what.</summary>
public sealed class SecureHandshakeTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly DeviceKeyPair _device = TestKeys.Device(1);
    private readonly DeviceKeyPair _other = TestKeys.Device(2);
    private readonly NoiseStaticKey _static = NoiseStaticKey.Create();

    [Fact]
    public async Task D1_a_silent_stranger_is_closed_after_ten_seconds_without_a_byte()
    {
        var (near, far) = Pair();
        var responding = RespondAsync(far);

        _time.Advance(SecureHandshake.Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(responding.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var failed = await Assert.ThrowsAsync<HandshakeException>(() => responding);
        Assert.Equal((HandshakeFailure.Timeout, "REPLICA_HANDSHAKE_TIMEOUT"), (failed.Failure, failed.Code));
        await AssertClosedSilentlyAsync(near);
    }

    [Fact]
    public async Task D1_a_stranger_that_stops_after_its_first_message_is_closed_too()
    {
        var (near, far) = Pair();
        using var ephemeral = TestKeys.Exchange(3);
        using var machine = HandshakeMachine.Initiator(_other, _static, expected: null, ephemeral);
        var responding = RespondAsync(far);
        machine.Start(near.Output);
        await near.Output.FlushAsync();
        await near.Input.ReadAtLeastAsync(2 + HandshakeMachine.SecondBytes);

        _time.Advance(SecureHandshake.Deadline);

        Assert.Equal(HandshakeFailure.Timeout, (await Assert.ThrowsAsync<HandshakeException>(() => responding)).Failure);
    }

    [Fact]
    public async Task S1_garbage_is_closed_without_a_byte()
    {
        var (near, far) = Pair();
        var responding = RespondAsync(far);

        await near.Output.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        Assert.Equal(HandshakeFailure.NotAReplica, (await Assert.ThrowsAsync<HandshakeException>(() => responding)).Failure);
        await AssertClosedSilentlyAsync(near);
    }

    [Fact]
    public async Task S2_the_dialler_closes_when_another_device_answers()
    {
        var (near, far) = Pair();
        using var expected = TestKeys.Device(9);
        var responding = RespondAsync(far);

        var failed = await Assert.ThrowsAsync<HandshakeException>(() => SecureHandshake.InitiateAsync(
            near, _device, _static, expected.PublicKey, _time, default));

        Assert.Equal(HandshakeFailure.WrongDevice, failed.Failure);
        Assert.Equal(HandshakeFailure.Closed, (await Assert.ThrowsAsync<HandshakeException>(() => responding)).Failure);
    }

    [Fact]
    public async Task A_stream_that_ends_early_is_reported_as_closed()
    {
        var (near, far) = Pair();
        await far.DisposeAsync();

        var failed = await Assert.ThrowsAsync<HandshakeException>(() => SecureHandshake.InitiateAsync(
            near, _device, _static, expected: null, _time, default));

        Assert.Equal(HandshakeFailure.Closed, failed.Failure);
    }

    [Fact]
    public async Task Cancelling_closes_the_connection()
    {
        var (near, far) = Pair();
        using var cancel = new CancellationTokenSource();
        var responding = SecureHandshake.RespondAsync(far, _other, _static, _time, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => responding);
        await AssertClosedSilentlyAsync(near);
    }

    [Fact]
    public async Task A_session_over_TCP_carries_full_messages_both_ways_at_once()
    {
        var transport = new TcpTransport(TimeProvider.System);
        await using var listener = await transport.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"), default);
        var dialling = transport.ConnectAsync(listener.Address, default);
        var responding = RespondAsync((await listener.AcceptAsync(default))!);
        await using var initiator = await SecureHandshake.InitiateAsync(
            await dialling, _device, _static, _other.PublicKey, _time, default);
        await using var responder = await responding;

        await Task.WhenAll(SendAsync(initiator), SendAsync(responder), ReceiveAsync(initiator), ReceiveAsync(responder));
    }

    public void Dispose()
    {
        _device.Dispose();
        _other.Dispose();
        _static.Dispose();
    }

    private const int Messages = 60;

    private static async Task SendAsync(SecureConnection connection)
    {
        for (var index = 0; index < Messages; index++)
        {
            await connection.WriteAsync(Enumerable.Repeat((byte)index, Length(index)).ToArray(), default);
        }
    }

    private static async Task ReceiveAsync(SecureConnection connection)
    {
        for (var index = 0; index < Messages; index++)
        {
            var message = await connection.ReadAsync(default);
            Assert.Equal(Length(index), message.Length);
            Assert.Equal(-1, message.Span.IndexOfAnyExcept((byte)index));
        }
    }

    private static int Length(int index) => index % 3 == 0 ? SecureConnection.PlaintextBytesMax : 1 + (index * 997);

    private static (MemoryConnection Near, MemoryConnection Far) Pair() =>
        MemoryConnection.Pair(PeerAddress.Parse("memory:near"), PeerAddress.Parse("memory:far"));

    private static async Task AssertClosedSilentlyAsync(MemoryConnection near) =>
        await Assert.ThrowsAsync<TransportException>(async () => await near.Input.ReadAsync());

    private Task<SecureConnection> RespondAsync(IConnection connection) =>
        SecureHandshake.RespondAsync(connection, _other, _static, _time, default);
}
