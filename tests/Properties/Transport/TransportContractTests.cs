using System.Buffers;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>What every transport promises, checked for each.</summary>
public sealed class TransportContractTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Places { get; } =
        new("memory:contract", "tcp://127.0.0.1:0", "tcp://localhost:0", "ws://127.0.0.1:0/replica", "relay", "polling");

    /// <summary>Those whose addresses are places of a machine; behind a relay the newest listener counts.</summary>
    public static TheoryData<string> BoundPlaces { get; } =
        new("memory:contract", "tcp://127.0.0.1:0", "tcp://localhost:0", "ws://127.0.0.1:0/replica");

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Bytes_arrive_in_order_in_both_directions_and_the_end_is_seen(string place)
    {
        await using var link = await OpenAsync(place);
        byte[] sent = [.. Enumerable.Range(0, 300_000).Select(i => unchecked((byte)(i * 31)))];

        var writing = WriteAndEndAsync(link.Dialled, sent);
        var received = await ReadToEndAsync(link.Accepted);
        await writing;
        var answering = WriteAndEndAsync(link.Accepted, sent);
        var answer = await ReadToEndAsync(link.Dialled);
        await answering;

        Assert.Equal(sent, received);
        Assert.Equal(sent, answer);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_was_flushed_still_arrives_when_the_sender_is_disposed_at_once(string place)
    {
        await using var link = await OpenAsync(place);
        var sent = new byte[100_000];
        await link.Dialled.Output.WriteAsync(sent);

        await link.Dialled.DisposeAsync();

        Assert.Equal(sent.Length, (await ReadToEndAsync(link.Accepted)).Length);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Aborting_fails_a_waiting_read_with_the_reason_and_can_be_repeated(string place)
    {
        await using var link = await OpenAsync(place);
        var reading = link.Dialled.Input.ReadAsync().AsTask();
        var reason = new InvalidOperationException("enough");

        link.Dialled.Abort(reason);
        link.Dialled.Abort(reason: null);

        var lost = await Assert.ThrowsAsync<TransportException>(() => reading.WaitAsync(Patience));
        Assert.Equal(TransportFailure.ConnectionLost, lost.Failure);
        Assert.Contains(reason, Causes(lost));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task D4_a_writer_is_held_back_while_nobody_reads_and_freed_by_an_abort(string place)
    {
        await using var link = await OpenAsync(place);
        var taken = 0;
        async Task WriteAsync()
        {
            for (; taken < 10_000; taken++)
            {
                await link.Dialled.Output.WriteAsync(new byte[65_536]);
            }
        }

        // Without back-pressure this would take all 640 MB before it returned.
        var writing = WriteAsync();

        Assert.False(writing.IsCompleted);
        link.Dialled.Abort(reason: null);
        await Assert.ThrowsAsync<TransportException>(() => writing.WaitAsync(Patience));
        Assert.InRange(taken, 1, 1000);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Bytes_that_come_one_by_one_are_the_same_stream(string place)
    {
        await using var link = await OpenAsync(place);
        var sent = "replica/1\n and what follows"u8.ToArray();

        var reading = ReadToEndAsync(link.Accepted);
        foreach (var one in sent)
        {
            await link.Dialled.Output.WriteAsync(new[] { one });
        }

        await link.Dialled.Output.CompleteAsync();

        Assert.Equal(sent, await reading);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task After_one_side_has_ended_its_direction_the_other_still_speaks(string place)
    {
        await using var link = await OpenAsync(place);
        await link.Dialled.Output.CompleteAsync();
        Assert.Empty(await ReadToEndAsync(link.Accepted));

        await WriteAndEndAsync(link.Accepted, new byte[200_000]);

        Assert.Equal(200_000, (await ReadToEndAsync(link.Dialled)).Length);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_abort_is_seen_at_the_other_end(string place)
    {
        await using var link = await OpenAsync(place);
        var reading = ReadToEndAsync(link.Accepted);

        link.Dialled.Abort(reason: null);

        await Assert.ThrowsAsync<TransportException>(() => reading.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Many_connections_one_after_the_other_leave_nothing_behind(string place)
    {
        // REPLICA_CONNECTS=10000 is the same test, longer.
        var count = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CONNECTS"), out var given) ? given : 200;
        await using var world = await ContractWorld.OpenAsync(place);
        var transport = world.Transport;
        await using var listener = await world.ListenAsync();
        var before = CountOfHandles();
        for (var i = 0; i < count; i++)
        {
            await using var dialled = await transport.ConnectAsync(listener.Address, default);
            await using var accepted = await listener.AcceptAsync(default);
            await dialled.Output.WriteAsync(new byte[] { (byte)(i % 256) });
            await dialled.Output.CompleteAsync();
            Assert.Equal([(byte)(i % 256)], await ReadToEndAsync(accepted!));
        }

        // Other tests of this process open files too, some hundreds at once, and close them; a connection that stayed would stay.
        var started = TimeProvider.System.GetTimestamp();
        while (CountOfHandles() - before >= count && TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.True(CountOfHandles() - before < count, $"{before} handles before, {CountOfHandles()} after {count} connections");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Many_connections_at_once_each_carry_their_own_bytes(string place)
    {
        // Fewer than the 16 diallers that may wait for one listener at a relay.
        const int Count = 12;
        await using var world = await ContractWorld.OpenAsync(place);
        await using var listener = await world.ListenAsync();
        var answering = Task.WhenAll(Enumerable.Range(0, Count).Select(async _ =>
        {
            await using var accepted = (await listener.AcceptAsync(default))!;
            await WriteAndEndAsync(accepted, await ReadToEndAsync(accepted));
        }));

        await Task.WhenAll(Enumerable.Range(0, Count).Select(async number =>
        {
            await using var dialled = await world.Transport.ConnectAsync(listener.Address, default);
            byte[] sent = [.. Enumerable.Repeat((byte)number, 1_000 + number)];
            await WriteAndEndAsync(dialled, sent);
            Assert.Equal(sent, await ReadToEndAsync(dialled));
        })).WaitAsync(Patience);

        await answering.WaitAsync(Patience);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Both_directions_flow_at_once_wherever_the_bytes_are_split(string place)
    {
        await using var link = await OpenAsync(place);
        byte[][] sent = [.. Enumerable.Range(0, 2).Select(side => Enumerable.Range(0, 400_000).Select(i => unchecked((byte)(i * (side + 7)))).ToArray())];

        // More than either side holds: who did not read while it writes would stand still.
        var writing = Task.WhenAll(WriteInPartsAsync(link.Dialled, sent[0], 7), WriteInPartsAsync(link.Accepted, sent[1], 13));
        var received = await Task.WhenAll(ReadToEndAsync(link.Accepted), ReadToEndAsync(link.Dialled));
        await writing;

        Assert.Equal(sent[0], received[0]);
        Assert.Equal(sent[1], received[1]);
    }

    [Theory]
    [MemberData(nameof(BoundPlaces))]
    public async Task An_address_in_use_is_named_in_the_error(string place)
    {
        await using var world = await ContractWorld.OpenAsync(place);
        var transport = world.Transport;
        await using var listener = await world.ListenAsync();

        var refused = await Assert.ThrowsAsync<TransportException>(
            async () => await transport.ListenAsync(listener.Address, default));

        Assert.Equal((TransportFailure.AddressInUse, "REPLICA_ADDRESS_IN_USE"), (refused.Failure, refused.Code));
        Assert.Contains(listener.Address.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_disposed_listener_accepts_null_frees_its_address_and_refuses_diallers(string place)
    {
        await using var world = await ContractWorld.OpenAsync(place);
        var transport = world.Transport;
        var listener = await world.ListenAsync();
        var accepting = listener.AcceptAsync(default).AsTask();

        await listener.DisposeAsync();

        Assert.Null(await accepting.WaitAsync(Patience));
        Assert.Null(await listener.AcceptAsync(default));
        var refused = await Assert.ThrowsAsync<TransportException>(
            async () => await transport.ConnectAsync(listener.Address, default));
        Assert.Equal(TransportFailure.Refused, refused.Failure);
        await (await transport.ListenAsync(listener.Address, default)).DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_address_of_another_transport_is_refused(string place)
    {
        var other = PeerAddress.Parse(place.StartsWith("tcp", StringComparison.Ordinal) ? "memory:x" : "tcp://127.0.0.1:1");
        await using var world = await ContractWorld.OpenAsync(place);
        var transport = world.Transport;

        Assert.False(transport.CanReach(other));
        var refused = await Assert.ThrowsAsync<TransportException>(async () => await transport.ConnectAsync(other, default));
        Assert.Equal(TransportFailure.AddressUnsupported, refused.Failure);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_cancelled_accept_leaves_the_listener_usable(string place)
    {
        await using var world = await ContractWorld.OpenAsync(place);
        var transport = world.Transport;
        await using var listener = await world.ListenAsync();
        using var cancel = new CancellationTokenSource();
        var accepting = listener.AcceptAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);

        await using var dialled = await transport.ConnectAsync(listener.Address, default);
        await using var accepted = await listener.AcceptAsync(default);

        Assert.NotNull(accepted);
    }

    private static async Task<Link> OpenAsync(string place)
    {
        var world = await ContractWorld.OpenAsync(place);
        var listener = await world.ListenAsync();
        var dialled = await world.Transport.ConnectAsync(listener.Address, default);
        return new Link(world, listener, dialled, (await listener.AcceptAsync(default))!);
    }

    private static int CountOfHandles() =>
        Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    /// <summary>Parts of 1 to some 30,000 bytes, in an order that repeats.</summary>
    private static async Task WriteInPartsAsync(IConnection connection, byte[] bytes, int step)
    {
        for (int at = 0, size = 1; at < bytes.Length; at += size, size = 1 + (size * step % 30_011))
        {
            await connection.Output.WriteAsync(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        }

        await connection.Output.CompleteAsync();
    }

    private static async Task WriteAndEndAsync(IConnection connection, byte[] bytes)
    {
        await connection.Output.WriteAsync(bytes);
        await connection.Output.CompleteAsync();
    }

    private static async Task<byte[]> ReadToEndAsync(IConnection connection)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await connection.Input.ReadAsync().AsTask().WaitAsync(Patience);
            foreach (var segment in read.Buffer)
            {
                all.Write(segment.Span);
            }

            connection.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.WrittenSpan.ToArray();
            }
        }
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private sealed record Link(ContractWorld World, IListener Listener, IConnection Dialled, IConnection Accepted) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Listener.DisposeAsync();
            await Dialled.DisposeAsync();
            await Accepted.DisposeAsync();
            await World.DisposeAsync();
        }
    }
}
