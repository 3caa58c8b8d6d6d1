using Replica.Crdt.Causality;
using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>The peers of one space: those that are connected, and what was last known of the others. Any thread may call.</summary>
internal sealed class SpacePeers
{
    /// <summary>Of how many devices something is remembered; who comes when it is full replaces the one heard of longest ago.</summary>
    private const int DevicesMax = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<SyncChannel> _channels = [];
    private readonly Dictionary<DeviceKey, KnownPeer> _known = [];

    /// <summary>Takes a channel in.</summary>
    public void Join(SyncChannel channel)
    {
        lock (_gate)
        {
            _ = _channels.Add(channel);
        }
    }

    /// <summary>Remembers what a channel that is over knew.</summary>
    public void Leave(SyncChannel channel, DeviceKey device, KnownPeer last)
    {
        lock (_gate)
        {
            if (!_channels.Remove(channel))
            {
                return;
            }

            if (_known.Count >= DevicesMax && !_known.ContainsKey(device))
            {
                _ = _known.Remove(_known.MinBy(static pair => pair.Value.LastHeard).Key);
            }

            _known[device] = last;
        }
    }

    /// <summary>How much the connected peer has, and how much of it we lack, of whom we lack most; null while none has told.</summary>
    public (long TheyHave, long WeLack)? Furthest()
    {
        SyncChannel[] channels;
        lock (_gate)
        {
            channels = [.. _channels];
        }

        return channels.Select(static channel => channel.Reach()).OfType<(long TheyHave, long WeLack)>()
            .OrderByDescending(static reach => reach.WeLack).ThenByDescending(static reach => reach.TheyHave)
            .Cast<(long, long)?>().FirstOrDefault();
    }

    /// <summary>All that is known, the connected ones first, each device once.</summary>
    public IReadOnlyList<(DeviceKey Device, bool IsConnected, KnownPeer Peer)> List()
    {
        SyncChannel[] channels;
        KeyValuePair<DeviceKey, KnownPeer>[] known;
        lock (_gate)
        {
            channels = [.. _channels];
            known = [.. _known];
        }

        // A channel takes its session's lock, under which channels join and leave: so it is asked outside of ours.
        var connected = channels.Select(static channel => (channel.Device, IsConnected: true, Peer: channel.Describe())).ToArray();
        return
        [
            .. connected.Concat(known.Select(static pair => (Device: pair.Key, IsConnected: false, Peer: pair.Value)))
                .DistinctBy(static peer => peer.Device),
        ];
    }

    /// <summary>Who said that it holds these places durably.</summary>
    public IReadOnlyList<PeerHolding> WhoHas(IReadOnlyList<Position> places) =>
    [
        .. List().Select(peer => new PeerHolding(
            peer.Device.ToString(), peer.Peer.Address, peer.IsConnected, places.All(place => Holds(peer.Peer, place)), peer.Peer.LastHeard)),
    ];

    /// <summary>What peers do not take of a log, by its name in hex, each with the device.</summary>
    public IReadOnlyList<(DeviceKey Device, SyncRefusal Refusal)> RefusalsOf(string log) =>
        [.. List().SelectMany(peer => peer.Peer.RefusedByPeer.Where(refusal => refusal.At.Log.ToString() == log).Select(refusal => (peer.Device, refusal)))];

    /// <summary>A log that has parted is said to be held only where the very place was named.</summary>
    private static bool Holds(KnownPeer peer, Position place)
    {
        var tips = peer.Positions.Where(tip => tip.Log == place.Log).ToArray();
        return tips.Length == 1 ? tips[0].Seq >= place.Seq : tips.Contains(place);
    }
}
