using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Sync;
using Replica.Peer.Telemetry;

namespace Replica.Peer.Net;

/// <summary>A space as the network sees it: its store, and what proves or will prove membership.</summary>
internal sealed class NetSpace(
    string name, SpaceId id, SpaceStore store, KeyStore keys, SpaceSecret? secret, PendingJoin? pending, PresenceBoard presences, bool isCompressed)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private SpaceSecret? _secret = secret;
    private PendingJoin? _pending = pending;

    /// <summary>Its name in the home.</summary>
    public string Name => name;

    /// <summary>Its name everywhere.</summary>
    public SpaceId Id => id;

    /// <summary>Whether long messages go out compressed.</summary>
    public bool IsCompressed => isCompressed;

    /// <summary>Which of its sessions push and which only announce.</summary>
    public BroadcastTree Tree { get; } = new(new SyncOptions());

    /// <summary>What was not taken, from whomever it came.</summary>
    public RefusalMemory Refusals { get; } = new();

    /// <summary>What the first write waits for.</summary>
    public FirstWrite FirstWrite { get; } = new();

    /// <summary>Where it is told how much happens; null for nowhere.</summary>
    public PeerTelemetry? Telemetry { get; init; }

    /// <summary>How fast changes come from its peers.</summary>
    public ReceivePace Pace { get; } = new();

    /// <summary>What it knows of its peers.</summary>
    public SpacePeers Peers { get; } = new();

    /// <summary>What peers say of themselves, and what this device says.</summary>
    public PresenceBoard Presences => presences;

    /// <summary>Where it rests.</summary>
    public SpaceStore Store => store;

    /// <summary>What members know; nothing while the join is pending.</summary>
    public SpaceSecret? Secret
    {
        get
        {
            lock (_gate)
            {
                return _secret;
            }
        }
    }

    /// <summary>The ticket, while it waits for a member to be reached.</summary>
    public PendingJoin? Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending;
            }
        }
    }

    /// <summary>Why the ticket was refused last, for the status; nothing if it was not.</summary>
    public string? JoinFailure { get; set; }

    /// <summary>Waits for a member from now on; for a space that could only be read.</summary>
    public void TakeTicket(PendingJoin ticket)
    {
        lock (_gate)
        {
            _pending = ticket;
        }
    }

    /// <summary>Called when this device has become a member.</summary>
    public Action? OnJoined { get; set; }

    /// <summary>Keeps the secret durably and forgets the ticket.</summary>
    public void TakeSecret(SpaceSecret given)
    {
        lock (_gate)
        {
            keys.StoreSecret(name, id, given);
            _secret ??= given.Copy();
            _pending?.Dispose();
            _pending = null;
        }

        OnJoined?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        _secret?.Dispose();
        _pending?.Dispose();
    }
}
