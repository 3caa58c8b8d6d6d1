namespace Replica.Peer.Sync;

/// <summary>What a <see cref="ChannelMultiplexer"/> tells its owner, in the order of arrival.</summary>
/// <remarks>Each may call back into the multiplexer, but not <see cref="ChannelMultiplexer.OnPlaintext"/>.</remarks>
internal interface IChannelEvents
{
    /// <summary>A control message came; never <see cref="ControlMessage.Credit"/>, which the multiplexer takes itself.</summary>
    void OnControl(ControlMessage message);

    /// <summary>The other side opened a channel.</summary>
    void OnOpened(int channel);

    /// <summary>A message came.</summary>
    /// <param name="channel">On which channel.</param>
    /// <param name="body">Its bytes, valid until the call returns.</param>
    void OnMessage(int channel, ReadOnlyMemory<byte> body);

    /// <summary>
    /// The other side ended a channel: no more comes, and what was not sent yet is dropped. Once for each channel, also
    /// after <see cref="ChannelMultiplexer.Close"/>.
    /// </summary>
    void OnClosed(int channel);
}
