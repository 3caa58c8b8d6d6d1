using System.Collections.Concurrent;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Links;
using Replica.Transport.Noise;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>A relay that meddles costs the connection and nothing else; one that listens learns nothing.</summary>
public sealed class MeddlingRelayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Canary = "a canary that must never be seen on the wire"u8.ToArray();

    private readonly DeviceKeyPair _one = DeviceKeyPair.Create();
    private readonly DeviceKeyPair _two = DeviceKeyPair.Create();
    private readonly NoiseStaticKey _static = NoiseStaticKey.Create();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _static.Dispose();
    }

    [Theory]
    [InlineData(Meddling.Drop)]
    [InlineData(Meddling.Repeat)]
    [InlineData(Meddling.Reorder)]
    [InlineData(Meddling.Alter)]
    [InlineData(Meddling.Inject)]
    public async Task T5_F20_whatever_is_meddled_with_no_wrong_byte_arrives(Meddling how)
    {
        var received = await RunAsync(link => new MeddlingLink(link, how, null));

        // A prefix of what was sent, and no more: the session ends at the first wrong message.
        Assert.True(received.Count < 20, $"{received.Count} messages arrived");
        Assert.All(received, static message => Assert.Equal(Canary, message));
    }

    [Fact]
    public async Task I2_what_a_relay_sees_holds_no_plaintext_and_no_device_key_and_looks_random()
    {
        var seen = new ConcurrentQueue<byte[]>();

        var received = await RunAsync(link => new MeddlingLink(link, Meddling.None, seen));

        Assert.Equal(20, received.Count);
        byte[] all = [.. seen.SelectMany(static part => part)];
        foreach (var secret in new[] { Canary, _one.PublicKey.ToArray(), _two.PublicKey.ToArray() })
        {
            Assert.Equal(-1, all.AsSpan().IndexOf(secret));
        }
    }

    private async Task<List<byte[]>> RunAsync(Func<IByteLink, IByteLink> tap)
    {
        await using var relay = await TestRelay.StartAsync(tap: tap);
        using var a = new RelayTransport(_one, static _ => null, TimeProvider.System);
        using var b = new RelayTransport(_two, static _ => null, TimeProvider.System);
        await using var listener = (RelayListener)await a.ListenAsync(relay.Address, default);
        await listener.Connected.WaitAsync(Patience);
        var near = await b.ConnectAsync(listener.Address, default);
        var far = (await listener.AcceptAsync(default).AsTask().WaitAsync(Patience))!;
        var answering = SecureHandshake.RespondAsync(far, _one, _static, TimeProvider.System, default);
        await using var dialled = await SecureHandshake.InitiateAsync(near, _two, _static, _one.PublicKey, TimeProvider.System, default);
        await using var accepted = await answering;

        var sending = SendAsync(dialled);
        var received = new List<byte[]>();
        try
        {
            while (received.Count < 20
                && await accepted.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(2)) is { IsEmpty: false } message)
            {
                received.Add(message.ToArray());
            }
        }
        catch (Exception fault) when (fault is SecureSessionException or TransportException or TimeoutException)
        {
            // The session has ended, or waits for what was dropped.
            accepted.Abort(null);
        }

        dialled.Abort(null);
        await sending;
        return received;
    }

    private static async Task SendAsync(SecureConnection connection)
    {
        try
        {
            for (var i = 0; i < 20; i++)
            {
                await connection.WriteAsync(Canary, default);
                // Each message is a part of its own on the wire.
                await Task.Delay(5);
            }
        }
        catch (Exception fault) when (fault is SecureSessionException or TransportException)
        {
            // The other side ended the session.
        }
    }
}
