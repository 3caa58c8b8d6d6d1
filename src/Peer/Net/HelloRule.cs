using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Says hello, and judges the other side's.</summary>
/// <param name="device">This device.</param>
/// <param name="instance">This process.</param>
/// <param name="features">What this side understands.</param>
internal sealed class HelloRule(DeviceKey device, InstanceId instance, ulong features)
{
    /// <summary>The first message of this side.</summary>
    public ControlMessage.Hello Say(long nowUnixMilliseconds) =>
        new(SessionLimits.Version, SessionLimits.Version, features, instance, nowUnixMilliseconds);

    /// <summary>What both sides understand.</summary>
    public ulong Common(ControlMessage.Hello theirs) => theirs.Features & features;

    /// <summary>Judges the first message of the other side.</summary>
    /// <param name="theirs">The message.</param>
    /// <param name="remote">The device that the handshake named.</param>
    public HelloOutcome Judge(ControlMessage.Hello theirs, DeviceKey remote) => theirs switch
    {
        _ when theirs.VersionMin > SessionLimits.Version || theirs.VersionMax < SessionLimits.Version => HelloOutcome.Version,
        _ when remote != device => HelloOutcome.Opened,
        _ when theirs.Instance == instance => HelloOutcome.Loop,
        _ => HelloOutcome.OpenedWithCopy,
    };
}
