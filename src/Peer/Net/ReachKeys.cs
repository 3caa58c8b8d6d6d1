using Replica.Peer.Store;
using Replica.Transport.Discovery;

namespace Replica.Peer.Net;

/// <summary>The keys of all spaces and of their open invitations, kept up to date. Any thread may call.</summary>
internal sealed class ReachKeys(Func<IReadOnlyList<NetSpace>> spaces) : IDisposable
{
    // A newcomer is found by the newest invitations; who holds an older one needs an address.
    private const int InvitationsPerSpaceMax = 8;

    private readonly Lock _gate = new();
    private ReachKey[] _keys = [];

    /// <summary>Reads from the keys under a lock, so that none is zeroed meanwhile.</summary>
    public T Use<T>(Func<IReadOnlyList<ReachKey>, T> read)
    {
        lock (_gate)
        {
            return read(_keys);
        }
    }

    /// <summary>Makes them anew from what the spaces hold now.</summary>
    /// <returns>Whether they are others than before.</returns>
    /// <exception cref="StoreException">A store failed.</exception>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var fresh = new List<ReachKey>();
        foreach (var space in spaces())
        {
            if (space.Secret is { } secret)
            {
                fresh.Add(ReachKey.ForMembers(space.Id, secret));
                var open = await Sponsor.OpenInvitationsAsync(space.Store, cancellationToken);
                fresh.AddRange(open.Take(InvitationsPerSpaceMax).Select(key => ReachKey.ForInvited(space.Id, key, isMember: true)));
            }
            else if (space.Pending is { } pending)
            {
                fresh.Add(ReachKey.ForInvited(space.Id, pending.Ticket.Invitation.Key, isMember: false));
            }
        }

        lock (_gate)
        {
            var isChanged = !_keys.Select(NameOf).SequenceEqual(fresh.Select(NameOf));
            Array.ForEach(_keys, static key => key.Dispose());
            _keys = [.. fresh];
            return isChanged;
        }
    }

    private static (bool, LanTag) NameOf(ReachKey key) => (key.IsAnnounced, key.LanTagOf(""));

    public void Dispose()
    {
        lock (_gate)
        {
            Array.ForEach(_keys, static key => key.Dispose());
            _keys = [];
        }
    }
}
