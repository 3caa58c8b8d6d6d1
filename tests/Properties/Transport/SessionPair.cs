using Replica.Transport;
using Replica.Transport.Memory;
using Replica.Transport.Noise;

namespace Replica.Tests.Properties.Transport;

/// <summary>Two devices with a session between them, over memory.</summary>
internal sealed class SessionPair : IAsyncDisposable
{
    private readonly List<IDisposable> _keys = [];

    public SecureConnection Initiator { get; private set; } = null!;

    public SecureConnection Responder { get; private set; } = null!;

    /// <summary>The raw end of the initiator, to send what an honest one would not.</summary>
    public IConnection InitiatorWire { get; private set; } = null!;

    /// <summary>The raw end of the responder, to take away what it would read.</summary>
    public IConnection ResponderWire { get; private set; } = null!;

    public static async Task<SessionPair> OpenAsync()
    {
        var pair = new SessionPair();
        var (near, far) = MemoryConnection.Pair(PeerAddress.Parse("memory:near"), PeerAddress.Parse("memory:far"));
        var (one, other) = (pair.Own(TestKeys.Device(1)), pair.Own(TestKeys.Device(2)));
        var time = new ManualTime();
        var responding = SecureHandshake.RespondAsync(
            far, other, pair.Own(NoiseStaticKey.Create()), time, CancellationToken.None);
        pair.Initiator = await SecureHandshake.InitiateAsync(
            near, one, pair.Own(NoiseStaticKey.Create()), other.PublicKey, time, CancellationToken.None);
        pair.Responder = await responding;
        pair.InitiatorWire = near;
        pair.ResponderWire = far;
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Initiator.DisposeAsync();
        await Responder.DisposeAsync();
        _keys.ForEach(k => k.Dispose());
    }

    private T Own<T>(T key)
        where T : IDisposable
    {
        _keys.Add(key);
        return key;
    }
}
