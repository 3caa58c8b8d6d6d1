using System.Buffers;
using Replica.Transport;
using Replica.Transport.Memory;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Transport;

public sealed class SecureConnectionTests
{
    [Fact]
    public async Task Both_sides_know_each_other_and_name_the_session_alike()
    {
        await using var pair = await SessionPair.OpenAsync();

        Assert.Equal(TestKeys.Device(2).PublicKey, pair.Initiator.RemoteDevice);
        Assert.Equal(TestKeys.Device(1).PublicKey, pair.Responder.RemoteDevice);
        Assert.Equal(32, pair.Initiator.HandshakeHash.Length);
        Assert.Equal(pair.Initiator.HandshakeHash.ToArray(), pair.Responder.HandshakeHash.ToArray());
        Assert.Equal((0, 1), ((int)pair.Initiator.Role, (int)pair.Responder.Role));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(65_519)]
    public async Task A_message_arrives_as_it_was_sent_in_both_directions(int length)
    {
        await using var pair = await SessionPair.OpenAsync();
        var message = Pattern(length);

        await pair.Initiator.WriteAsync(message, default);
        await pair.Responder.WriteAsync(message, default);

        Assert.Equal(message, (await pair.Responder.ReadAsync(default)).ToArray());
        Assert.Equal(message, (await pair.Initiator.ReadAsync(default)).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_520)]
    public async Task Plaintext_outside_1_to_65519_bytes_is_refused_at_the_door(int length)
    {
        await using var pair = await SessionPair.OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await pair.Initiator.WriteAsync(new byte[length], default));
    }

    [Fact]
    public async Task Messages_go_on_across_two_rekeyings_of_one_direction()
    {
        await using var pair = await SessionPair.OpenAsync();
        for (var index = 0; index < (2 * SecureConnection.RekeyMessages) + 10; index++)
        {
            var message = BitConverter.GetBytes(index);
            await pair.Initiator.WriteAsync(message, default);
            Assert.True((await pair.Responder.ReadAsync(default)).Span.SequenceEqual(message));
        }

        await pair.Responder.WriteAsync(new byte[] { 1 }, default);
        Assert.Equal(1, (await pair.Initiator.ReadAsync(default)).Length);
    }

    [Fact]
    public async Task The_16385th_message_is_under_a_new_key_while_the_nonce_counts_on()
    {
        using var world = new HandshakeWorld();
        world.Respond(world.Initiate(world.Respond(world.Start())));
        var (near, far) = MemoryConnection.Pair(PeerAddress.Parse("memory:near"), PeerAddress.Parse("memory:far"));
        await using var sender = new SecureConnection(near, world.Initiator.Finish());
        var receiving = world.Responder.Finish().Receive;
        var plaintext = new byte[1];

        for (var number = 1; number <= 16_386; number++)
        {
            await sender.WriteAsync(new byte[] { 7 }, default);
            var read = await far.Input.ReadAsync();
            Assert.Equal(1, receiving.Decrypt(default, read.Buffer.Slice(2).ToArray(), plaintext));
            far.Input.AdvanceTo(read.Buffer.End);
            if (number == 16_384)
            {
                receiving.Rekey();
            }
        }
    }

    [Fact]
    public async Task An_orderly_end_reads_as_an_empty_message_after_the_last_one()
    {
        await using var pair = await SessionPair.OpenAsync();
        await pair.Initiator.WriteAsync(new byte[] { 7 }, default);
        await pair.Initiator.DisposeAsync();

        Assert.Equal(1, (await pair.Responder.ReadAsync(default)).Length);
        Assert.True((await pair.Responder.ReadAsync(default)).IsEmpty);
        Assert.True((await pair.Responder.ReadAsync(default)).IsEmpty);
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_session_usable()
    {
        await using var pair = await SessionPair.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var reading = pair.Responder.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        await pair.Initiator.WriteAsync(new byte[] { 7 }, default);

        Assert.Equal(1, (await pair.Responder.ReadAsync(default)).Length);
    }

    [Fact]
    public async Task T1_a_replayed_message_ends_the_session()
    {
        await using var pair = await SessionPair.OpenAsync();
        var wire = await TapAsync(pair, messages: 1);

        await SendRawAsync(pair, [.. wire, .. wire]);

        Assert.False((await pair.Responder.ReadAsync(default)).IsEmpty);
        await AssertEndedAsync(pair);
    }

    [Fact]
    public async Task T1_reordered_messages_end_the_session()
    {
        await using var pair = await SessionPair.OpenAsync();
        var wire = await TapAsync(pair, messages: 2);

        await SendRawAsync(pair, [.. wire[(wire.Length / 2)..], .. wire[..(wire.Length / 2)]]);

        await AssertEndedAsync(pair);
    }

    [Fact]
    public async Task T1_a_flipped_bit_anywhere_in_a_message_ends_the_session()
    {
        for (var offset = 2; offset < 2 + 8 + 16; offset++)
        {
            await using var pair = await SessionPair.OpenAsync();
            var wire = await TapAsync(pair, messages: 1);
            wire[offset] ^= 0x10;

            await SendRawAsync(pair, wire);

            await AssertEndedAsync(pair);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task T1_a_message_too_short_to_carry_anything_ends_the_session(int length)
    {
        await using var pair = await SessionPair.OpenAsync();

        await SendRawAsync(pair, [0, (byte)length]);

        await AssertEndedAsync(pair);
    }

    [Fact]
    public async Task T1_a_stream_cut_inside_a_message_is_no_orderly_end()
    {
        await using var pair = await SessionPair.OpenAsync();
        var wire = await TapAsync(pair, messages: 1);
        await SendRawAsync(pair, wire[..^1]);
        await pair.InitiatorWire.DisposeAsync();

        var lost = await Assert.ThrowsAsync<TransportException>(async () => await pair.Responder.ReadAsync(default));

        Assert.Equal(TransportFailure.ConnectionLost, lost.Failure);
    }

    [Fact]
    public async Task Aborting_wakes_a_waiting_reader_on_both_sides()
    {
        await using var pair = await SessionPair.OpenAsync();
        var near = pair.Initiator.ReadAsync(default).AsTask();
        var far = pair.Responder.ReadAsync(default).AsTask();

        pair.Initiator.Abort(reason: null);

        await Assert.ThrowsAsync<TransportException>(() => near);
        await Assert.ThrowsAsync<TransportException>(() => far);
    }

    [Fact]
    public async Task A_writer_waits_while_the_other_side_reads_nothing()
    {
        await using var pair = await SessionPair.OpenAsync();
        var writing = Task.CompletedTask;
        var accepted = 0;
        while (writing.IsCompleted && accepted < 100)
        {
            writing = pair.Initiator.WriteAsync(new byte[SecureConnection.PlaintextBytesMax], default).AsTask();
            accepted++;
        }

        Assert.InRange(accepted, 2, 8);
        Assert.False(writing.IsCompleted);
        for (var index = 0; index < accepted; index++)
        {
            await pair.Responder.ReadAsync(default);
        }

        await writing;
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => unchecked((byte)(i * 7)))];

    /// <summary>Takes the bytes of honest messages off the wire before the responder sees them.</summary>
    private static async Task<byte[]> TapAsync(SessionPair pair, int messages)
    {
        for (var index = 0; index < messages; index++)
        {
            await pair.Initiator.WriteAsync(Pattern(8), default);
        }

        var read = await pair.ResponderWire.Input.ReadAsync();
        var bytes = read.Buffer.ToArray();
        pair.ResponderWire.Input.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    private static async Task SendRawAsync(SessionPair pair, byte[] bytes) =>
        await pair.InitiatorWire.Output.WriteAsync(bytes);

    private static async Task AssertEndedAsync(SessionPair pair)
    {
        await Assert.ThrowsAsync<SecureSessionException>(async () => await pair.Responder.ReadAsync(default));
        await Assert.ThrowsAsync<SecureSessionException>(async () => await pair.Responder.ReadAsync(default));
        await Assert.ThrowsAsync<SecureSessionException>(async () => await pair.Responder.WriteAsync(new byte[] { 1 }, default));
        await Assert.ThrowsAsync<TransportException>(async () => await pair.Initiator.ReadAsync(default));
    }
}
