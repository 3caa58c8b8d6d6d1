using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Sync;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Replica.Transport;

namespace Replica.Testing.World;

/// <summary>A whole peer in a simulated world: the real store and its writer, real sessions, a clock that may be wrong.</summary>
public sealed class SimulatedPeer
{
    private readonly SimulatedWorld _world;
    private LedgerIdentity _identity;
    private readonly SimulatedRest _rest;
    private readonly List<(Dot Dot, ChangeHash Hash)> _acknowledged = [];
    private readonly Chance _nonces;
    private readonly SortedSet<int> _known = [];
    private SimulatedDisk? _disk;
    private SpaceStore? _store;

    internal SimulatedPeer(SimulatedWorld world, int number, LedgerIdentity identity, SimulatedRest rest)
    {
        _world = world;
        _identity = identity;
        _rest = rest;
        _nonces = world.Chance.Fork();
        Number = number;
        Name = $"r{number}";
        Clock = new(world.Time);
        Open();
    }

    /// <summary>Its number, from 0. The peer with number 0 founded the space.</summary>
    public int Number { get; }

    /// <summary>What it is called in stories.</summary>
    public string Name { get; }

    /// <summary>What its clock shows.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Whether its process runs.</summary>
    public bool IsRunning => _store is not null;

    internal SimulatedClock Clock { get; }

    /// <summary>What the sessions of its process share.</summary>
    internal BroadcastTree Broadcasts { get; private set; } = new(new SyncOptions());

    /// <summary>The connection manager of its process; nothing if it does not run, or steps connect it.</summary>
    internal LinkKeeper? Net { get; private set; }

    internal AuthorKey Author => _identity.Author;

    internal SpaceStore Store => _store ?? throw new InvalidOperationException($"{Name} does not run.");

    internal SimulatedDisk Disk => _disk ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary>How often it lost what it held.</summary>
    internal int Restores { get; private set; }

    /// <summary>What it was promised to hold: its own changes whose commit was acknowledged.</summary>
    internal IReadOnlyList<(Dot Dot, ChangeHash Hash)> Acknowledged => _acknowledged;

    /// <summary>Commits the mutations as one change, whole or not at all.</summary>
    /// <param name="mutations">The steps, carried out in order; each sees those before it.</param>
    /// <returns>
    /// Whether it was acknowledged as durable. If not, the peer may not write, or a fault kept it from being acknowledged; it
    /// may have taken effect then.
    /// </returns>
    /// <exception cref="ReplicaException">A step can't be carried out: what it is about does not exist.</exception>
    public bool Write(params IReadOnlyList<Mutation> mutations)
    {
        var written = TransactAsync(transaction =>
        {
            foreach (var mutation in mutations)
            {
                _ = Mutations.Apply(transaction, mutation);
            }
        });
        return _world.Scheduler.Finish(written);
    }

    /// <summary>The node if it shows here.</summary>
    public NodeSnapshot? GetNode(string id)
    {
        using var reader = Store.OpenReader();
        return reader.GetNode(id) is { } node ? Snapshots.Of(node, new(reader)) : null;
    }

    /// <summary>All nodes that show here, by id.</summary>
    public IReadOnlyList<NodeSnapshot> GetNodes()
    {
        using var reader = Store.OpenReader();
        var fields = new FieldReader(reader);
        return [.. reader.ReadNodes(null, null).Select(node => Snapshots.Of(node, fields))];
    }

    /// <summary>All edges that show here, in order.</summary>
    public IReadOnlyList<EdgeSnapshot> GetEdges()
    {
        using var reader = Store.OpenReader();
        var fields = new FieldReader(reader);
        return [.. reader.ReadEdges(null, null).Select(edge => Snapshots.Of(edge, fields))];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The latest stamp here, in Unix milliseconds.</summary>
    internal long LatestStamp()
    {
        // By a reader, not by the writer: the writer would commit something, and so publish what a fault left unpublished.
        using var reader = Store.OpenReader();
        return reader.ReadLogs().Select(static log => log.Time.UnixMilliseconds).DefaultIfEmpty().Max();
    }

    /// <summary>Whether a change is committed here.</summary>
    internal bool Holds(Dot change)
    {
        using var reader = Store.OpenReader();
        return reader.ReadLogs().Any(log => log.Log == change.Log && log.Seq >= change.Seq);
    }

    /// <summary>All that shows and all conflicts, a line a thing.</summary>
    internal IReadOnlyList<string> ToLines()
    {
        using var reader = Store.OpenReader();
        return LedgerState.ToLines(reader);
    }

    /// <summary>A hash of all that shows and of all conflicts.</summary>
    internal Bytes32 StateHash()
    {
        using var reader = Store.OpenReader();
        return LedgerState.Hash(reader);
    }

    /// <summary>All changes in its order of application.</summary>
    internal IReadOnlyList<Change> Changes()
    {
        using var reader = Store.OpenReader();
        return [.. LedgerState.Changes(reader)];
    }

    /// <summary>All changes in its order of application, with their places in the chains.</summary>
    internal IReadOnlyList<ChainedChange> Chained()
    {
        using var reader = Store.OpenReader();
        return LedgerState.Chained(reader);
    }

    /// <summary>Learns where a peer is, for ever.</summary>
    /// <returns>Whether that was not known.</returns>
    internal bool Learn(int number)
    {
        var isNews = _known.Add(number);
        if (isNews)
        {
            Net?.Learn(number);
        }

        return isNews;
    }

    /// <summary>Founds the space.</summary>
    internal SpaceId Found(Durability durability) => _world.Scheduler.Finish(Store.FoundAsync(durability, CancellationToken.None));

    /// <summary>Names the space that it will receive.</summary>
    internal void Join(SpaceId space, Durability durability) =>
        _ = _world.Scheduler.Finish(Store.JoinAsync(space, durability, CancellationToken.None));

    /// <summary>Asks the ledger.</summary>
    internal T Query<T>(Func<SpaceLedger, T> query) => _world.Scheduler.Finish(Store.QueryAsync(query, CancellationToken.None));

    /// <summary>Runs one transaction; what is begun before the scheduler runs is committed together.</summary>
    /// <returns>Whether it was acknowledged.</returns>
    internal async Task<bool> TransactAsync(Action<ITransaction> body)
    {
        try
        {
            var (_, change) = await Store.WriteAsync(
                transaction =>
                {
                    body(transaction);
                    return 0;
                },
                CancellationToken.None);
            if (change is not null)
            {
                _acknowledged.Add((change.Dot, change.Hash()));
                _world.Trace(() => $"{this} writes {History.StoryOf(change)}");
            }

            return true;
        }
        catch (StoreException fault)
        {
            _world.Trace(() => $"{this} fails to write: {fault.Message}");
            return false;
        }
        catch (NotAdmittedException)
        {
            return false;
        }
    }

    /// <summary>The process ends: in good order, or without any goodbye.</summary>
    internal void Stop(ProcessEnd how)
    {
        if (_store is not null)
        {
            Die(how);
            Settle(how);
        }
    }

    /// <summary>The process is gone from one moment to the next; what is stored is not looked at yet.</summary>
    internal void Die(ProcessEnd how)
    {
        Net?.Stop();
        Net = null;
        if (_world.IsManaged && how == ProcessEnd.PowerCut)
        {
            _world.Links.LoseAll(Number);
        }
        else
        {
            _world.Links.CutAll(Number);
        }

        Disk.Die();
        _store = null;
    }

    /// <summary>What the process left behind comes to rest.</summary>
    internal void Settle(ProcessEnd how)
    {
        _rest.Settle(how);
        if (how == ProcessEnd.PowerCut)
        {
            // What was acknowledged before it was on disk may be gone; it was sent to nobody, so nobody can hold it.
            var left = _rest.Engine.Load().Logs;
            _ = _acknowledged.RemoveAll(written => !left.Any(log => log.Log == written.Dot.Log && log.Seq >= written.Dot.Seq));
        }
    }

    /// <summary>A copy of what is on disk; nothing where it rests in files.</summary>
    internal MemoryRest.Backup? TakeBackup() => (_rest as MemoryRest)?.TakeBackup();

    /// <summary>Is stopped, and goes on from a copy instead of what it holds.</summary>
    /// <param name="backup">The copy, of this peer or of another.</param>
    /// <param name="how">What comes back with the database.</param>
    /// <param name="origin">The peer it was taken from: this one then goes on with its key.</param>
    internal void Restore(MemoryRest.Backup backup, RestoreKind how, SimulatedPeer origin)
    {
        Stop(ProcessEnd.Crash);
        ((MemoryRest)_rest).Restore(backup, how);
        _identity = origin._identity;
        _acknowledged.Clear();
        Restores++;
    }

    /// <summary>The process starts from what is stored.</summary>
    internal void Start()
    {
        if (_store is null)
        {
            Open();
            _world.OnCommitted(this);
        }
    }

    /// <summary>Gives up files.</summary>
    internal void Close()
    {
        _store = null;
        _rest.Dispose();
    }

    private void Open()
    {
        _disk = SimulatedDisk.Open(_rest.Engine, () => _world.OnDied(this), _rest.KeepDurable);
        var store = new SpaceStore(_disk, _identity, new(Name, Clock, () => new(_nonces.Next())) { Place = _rest.Place });
        _store = store;
        Broadcasts = new(new SyncOptions());
        Net = _world.IsManaged ? new(_world, this, DeviceKey.FromBytes(Author.ToArray()), _world.LinkChance.Fork()) : null;
        foreach (var number in _known)
        {
            Net?.Learn(number);
        }

        // Behind those who waited for the commit, and before the writer takes what they write next: each commit is looked at.
        var scheduler = _world.Scheduler;
        _ = store.Watch(() => scheduler.Post(_ => scheduler.Post(_ => OnCommitted(store), null), null));
    }

    private void OnCommitted(SpaceStore store)
    {
        if (_store == store)
        {
            _world.OnCommitted(this);
        }
    }
}
