using Replica.Peer.Sync;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>A first sync runs through here: it allocates for messages of control, not for units or bytes.</summary>
public sealed class ChannelCostTests(ITestOutputHelper output)
{
    private const int TransfersMeasured = 256;
    private const int BodyBytes = 256 * 1024;
    private const long AllocatedBytesMax = 30_000;

    [Fact]
    public void A_long_transfer_allocates_less_than_a_few_bytes_for_each_unit()
    {
        using var a = new ChannelMultiplexer(true, new ChannelOptions());
        using var b = new ChannelMultiplexer(false, new ChannelOptions());
        var sink = new Sink(b);
        var channel = a.Open();
        var plaintext = new byte[ChannelLimits.PlaintextBytesMax];
        var body = new byte[BodyBytes];
        Transfer(a, b, sink, channel, body, plaintext, 64);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Transfer(a, b, sink, channel, body, plaintext, TransfersMeasured);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{allocated} bytes were allocated for {(long)TransfersMeasured * BodyBytes} sent.");
        Assert.Equal((64L + TransfersMeasured) * BodyBytes, sink.Received);
        Assert.InRange(allocated, 0, AllocatedBytesMax);
    }

    private static void Transfer(
        ChannelMultiplexer a, ChannelMultiplexer b, Sink sink, int channel, byte[] body, byte[] plaintext, int count)
    {
        for (var i = 0; i < count; i++)
        {
            a.Send(channel, body);
            while (a.HasOutput)
            {
                b.OnPlaintext(plaintext.AsMemory(0, a.TryTake(plaintext)), 0, sink);
            }

            while (b.HasOutput)
            {
                a.OnPlaintext(plaintext.AsMemory(0, b.TryTake(plaintext)), 0, sink);
            }
        }
    }

    private sealed class Sink(ChannelMultiplexer channels) : IChannelEvents
    {
        public long Received { get; private set; }

        public void OnControl(ControlMessage message)
        {
        }

        public void OnOpened(int channel)
        {
        }

        public void OnMessage(int channel, ReadOnlyMemory<byte> body)
        {
            Received += body.Length;
            channels.Consumed(channel, body.Length);
        }

        public void OnClosed(int channel)
        {
        }
    }
}
