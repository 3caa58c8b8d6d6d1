using Replica.Transport;

namespace Replica.Testing.World;

/// <summary>Where the peers of a simulated world can be dialled: each directly, and some through a relay.</summary>
internal sealed class SimulatedAddresses
{
    private const string Relay = "wss://relay.example";

    private readonly Dictionary<PeerAddress, int> _numbers = [];
    private readonly List<PeerAddress[]> _addresses = [];
    private readonly HashSet<int> _blocked = [];

    /// <summary>Draws who is behind what.</summary>
    public SimulatedAddresses(int peers, Chance chance)
    {
        HasRelay = chance.Percent(30);
        _ = PeerAddress.RelayRoute.TryParseRelay(Relay, out var relay, out _);
        for (var number = 0; number < peers; number++)
        {
            PeerAddress direct = PeerAddress.Parse($"tcp://10.0.0.{number + 1}:1");
            PeerAddress relayed = relay!.To(DeviceKey.FromBytes(chance.Bytes(DeviceKey.SizeBytes)));
            _addresses.Add(HasRelay ? [direct, relayed] : [direct]);
            foreach (var address in _addresses[^1])
            {
                _numbers.Add(address, number);
            }

            if (HasRelay && chance.Percent(40))
            {
                _ = _blocked.Add(number);
            }
        }
    }

    /// <summary>Whether peers can be reached through a relay as well.</summary>
    public bool HasRelay { get; }

    /// <summary>The addresses of a peer, which a peer that knows one of them knows together.</summary>
    public IReadOnlyList<PeerAddress> Of(int number) => _addresses[number];

    /// <summary>Who can be dialled at an address.</summary>
    public int NumberAt(PeerAddress address) => _numbers[address];

    /// <summary>Whether nobody gets through to a peer at this address for now, as behind a router that lets nothing in.</summary>
    public bool IsBlocked(PeerAddress address) => address is not PeerAddress.RelayRoute && _blocked.Contains(_numbers[address]);

    /// <summary>All can be reached directly.</summary>
    public void Unblock() => _blocked.Clear();
}
