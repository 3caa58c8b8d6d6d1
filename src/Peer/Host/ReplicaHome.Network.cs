using Replica.Peer.Net;
using Replica.Transport;
using Replica.Transport.Discovery;

namespace Replica.Peer.Host;

/// <content>How a home reaches peers and is reached by them.</content>
public sealed partial class ReplicaHome
{
    /// <summary>What a device sends to all comes back to itself within microseconds, unless something keeps it from that.</summary>
    private static readonly TimeSpan EchoPatience = TimeSpan.FromSeconds(1);

    /// <summary>Lets peers dial this home.</summary>
    /// <param name="address">Where; port 0 takes a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The address with its real port.</returns>
    /// <exception cref="ReplicaException">It is in use or not to be had.</exception>
    public Task<PeerAddress> ListenAsync(PeerAddress address, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        return Faults.TranslateAsync(_network.ListenAsync(address, cancellationToken));
    }

    /// <summary>Keeps a connection to a peer, dialled again whenever it is lost; an address alone takes whoever answers.</summary>
    public void Connect(PeerTarget target)
    {
        RequireWritable();
        Faults.Translate(() => _network.Connect(target));
    }

    /// <summary>Announces this device on the local network, if it listens there, and looks for members of its spaces.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ReplicaException">The port of the protocol can't be had.</exception>
    public async Task StartLanDiscoveryAsync(CancellationToken cancellationToken = default)
    {
        RequireWritable();
        _ = await Faults.TranslateAsync(StartAsync());

        async Task<bool> StartAsync()
        {
            await _network.Finder.StartLanAsync(cancellationToken);
            return true;
        }
    }

    /// <summary>Looks at the home and around it; sends a packet to the local network to see whether it comes back.</summary>
    /// <param name="isDaemon">Whether the home is held for longer than a command; without that there is no network to look at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DoctorReport> LookAroundAsync(bool isDaemon, CancellationToken cancellationToken = default)
    {
        var lan = _network.Finder.Lan;
        var echoes = lan is null ? [] : await lan.HearSelfAsync(EchoPatience, cancellationToken);
        return new(
            await GetStatusAsync(cancellationToken),
            isDaemon,
            LanService.FindInterfaces(),
            lan is not null,
            lan?.PacketsHeard ?? 0,
            lan?.Sightings ?? [],
            _network.Relays,
            new DriveInfo(Path.GetFullPath(Directory)).AvailableFreeSpace)
        {
            Echoes = echoes,
            KeptAway = _network.Faults.KeptAway,
        };
    }

    /// <summary>Ends all connections and makes no new ones until <see cref="ResumeNetwork"/>.</summary>
    public void PauseNetwork() => _network.Pause();

    /// <summary>Takes connections up again.</summary>
    public void ResumeNetwork() => _network.Resume();

    /// <summary>The addresses a ticket may name: those that this home listens on.</summary>
    internal IEnumerable<string> DialableAddresses() =>
        _network.Listening.OrderBy(static address => address is PeerAddress.RelayRoute ? 0 : 1)
            .SelectMany(LocalAddresses.ForOthers).Select(static address => address.ToString());
}
