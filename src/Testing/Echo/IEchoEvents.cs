using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Testing.Echo;

/// <summary>What an <see cref="EchoPeer"/> tells of its sessions. Several threads may call at once.</summary>
public interface IEchoEvents
{
    /// <summary>Another device has proved itself, and is answered from now on.</summary>
    /// <param name="device">Which one.</param>
    /// <param name="role">The role of the echo.</param>
    /// <param name="from">Where it is.</param>
    /// <param name="handshakeHash">The 32 bytes that name the session.</param>
    void OnSession(DeviceKey device, NoiseRole role, PeerAddress from, ReadOnlyMemory<byte> handshakeHash);

    /// <summary>A session is over.</summary>
    /// <param name="device">With whom it was.</param>
    /// <param name="messages">How many messages were sent back.</param>
    /// <param name="reason">Why it ended, in words.</param>
    void OnEnded(DeviceKey device, long messages, string reason);

    /// <summary>A connection came to no session; its other end was told nothing.</summary>
    /// <param name="from">Where it came from.</param>
    /// <param name="code">The stable code of the reason.</param>
    /// <param name="reason">The reason in words.</param>
    void OnRefused(PeerAddress from, string code, string reason);
}
