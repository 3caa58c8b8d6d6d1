using Microsoft.Extensions.Logging;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Remembers that a peer with this device's own key was met: a copied home.</summary>
internal sealed class SharedIdentity
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_IDENTITY_SHARED";

    private PeerAddress? _address;

    /// <summary>What a person should know; nothing while no such peer was met by this process.</summary>
    public string? Notice => Volatile.Read(ref _address) is { } address
        ? $"{Code}: the device behind {address} has this device's own key, as a copied home does. Both sync and nothing is lost, but "
            + "what the two write can't be told apart: stop one of them, run 'replica identity renew' there, and join again with a ticket."
        : null;

    /// <summary>Takes that one was met.</summary>
    public void OnMet(PeerAddress address, ILogger log)
    {
        Volatile.Write(ref _address, address);
        PeerLog.IdentityShared(log, address);
    }
}
