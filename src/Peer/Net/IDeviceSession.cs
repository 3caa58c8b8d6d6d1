using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>A session as the rule of duplicates sees it: the product's, or one of a simulated peer.</summary>
internal interface IDeviceSession
{
    /// <summary>The device at the other end.</summary>
    DeviceKey Device { get; }

    /// <summary>The process at the other end; nothing before its hello.</summary>
    InstanceId? RemoteInstance { get; }

    /// <summary>Its place among its duplicates; only after the hello.</summary>
    SessionRank Rank { get; }

    /// <summary>Another session between the two is kept: ends this one and says so.</summary>
    void EndAsDuplicate();

    /// <summary>Asks for a sign of life that must come soon.</summary>
    void Probe();

    /// <summary>A better session between the two, for whose sake this one was kept waiting, is over.</summary>
    void OnRivalGone();
}
