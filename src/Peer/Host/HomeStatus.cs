using Replica.Peer.Net;

namespace Replica.Peer.Host;

/// <summary>A home at one moment.</summary>
/// <param name="Directory">Where it is.</param>
/// <param name="Device">This device's key, hex.</param>
/// <param name="Sqlite">The engine's version and where it comes from.</param>
/// <param name="Listening">The addresses that peers may dial.</param>
/// <param name="IsPaused">Whether peers are kept away for now.</param>
/// <param name="Spaces">Its spaces, by name.</param>
/// <param name="Peers">The peers it is or wants to be connected to.</param>
public sealed record HomeStatus(
    string Directory,
    string Device,
    string Sqlite,
    IReadOnlyList<string> Listening,
    bool IsPaused,
    IReadOnlyList<SpaceStatus> Spaces,
    IReadOnlyList<PeerStatus> Peers)
{
    /// <summary>Whether it can't be written, and so is open to be read alone.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What a person should know about this device, such as that a copy of its home was met.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
