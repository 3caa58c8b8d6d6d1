using Replica.Peer.Sync;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>One side of a session: its multiplexer, and all it was told.</summary>
internal sealed class Side(bool isInitiator, ChannelOptions? options = null) : IChannelEvents
{
    public ChannelMultiplexer Channels { get; } = new(isInitiator, options ?? new ChannelOptions());

    public List<ControlMessage> Control { get; } = [];

    public List<int> Opened { get; } = [];

    public List<(int Channel, byte[] Body)> Messages { get; } = [];

    public List<int> Closed { get; } = [];

    /// <summary>What the owner does with a message beside keeping it.</summary>
    public Action<int, int> Then { get; set; } = (_, _) => { };

    public static (Side Initiator, Side Responder) Pair(ChannelOptions? options = null) => (new(true, options), new(false, options));

    /// <summary>Lets the owner be done with each message at once.</summary>
    public Side ConsumingAll()
    {
        Then = Channels.Consumed;
        return this;
    }

    /// <summary>The next plaintext; empty when nothing can go.</summary>
    public byte[] Take(int room = ChannelLimits.PlaintextBytesMax)
    {
        var plaintext = new byte[room];
        return plaintext[..Channels.TryTake(plaintext)];
    }

    /// <summary>Carries one plaintext over.</summary>
    public bool SendOneTo(Side other, int room = ChannelLimits.PlaintextBytesMax)
    {
        var plaintext = Take(room);
        if (plaintext.Length > 0)
        {
            other.On(plaintext);
        }

        return plaintext.Length > 0;
    }

    /// <summary>Carries all over, both ways, until nothing is left that can go.</summary>
    public void Exchange(Side other)
    {
        while (SendOneTo(other) | other.SendOneTo(this))
        {
        }
    }

    public void On(byte[] plaintext, long nowMilliseconds = 0) => Channels.OnPlaintext(plaintext, nowMilliseconds, this);

    public ChannelFault FaultOn(byte[] plaintext, long nowMilliseconds = 0) =>
        Xunit.Assert.Throws<ChannelException>(() => On(plaintext, nowMilliseconds)).Reason;

    public void OnControl(ControlMessage message) => Control.Add(message);

    public void OnOpened(int channel) => Opened.Add(channel);

    public void OnMessage(int channel, ReadOnlyMemory<byte> body)
    {
        Messages.Add((channel, body.ToArray()));
        Then(channel, body.Length);
    }

    public void OnClosed(int channel) => Closed.Add(channel);
}
