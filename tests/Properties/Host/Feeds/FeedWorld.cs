using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host.Feeds;
using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Peer.Store.Memory;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Transport;

namespace Replica.Tests.Properties.Host.Feeds;

/// <summary>A store that can be closed, opened, copied and set back, and its feed.</summary>
internal sealed class FeedWorld(Durability durability = Durability.Full, ulong author = 1) : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private ulong _nonce = 1000 * author;
    private SpaceStore? _store;

    public AuthorKey Author { get; } = new(new(author, 0));

    public MemoryPlace Place { get; } = new();

    public ManualTime Time { get; } = new();

    public MemoryState State { get; private set; } = MemoryState.Empty;

    public SpaceStore Store => _store ??= Open();

    private MemoryEngine? Engine { get; set; }

    public async Task FoundAsync() => _ = await Store.FoundAsync(durability, CancellationToken.None);

    public async Task<Dot> PutAsync(string node, long value = 0)
    {
        var (_, change) = await Store.WriteAsync(
            transaction =>
            {
                transaction.Add(new Target.Node(node), new Operation.SetField("v", Value.From(value)));
                return true;
            },
            CancellationToken.None);
        return change!.Dot;
    }

    /// <summary>Takes over all that the other holds, as from a peer.</summary>
    public async Task TakeAsync(FeedWorld other)
    {
        using var reader = other.Store.OpenReader();
        var page = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
        _ = await Store.ApplyAsync([.. page.Runs.Select(static run => run.Run)], CancellationToken.None);
    }

    public Task<ChangeCursor> OpenFeedAsync(ChangePosition after) => ChangeCursor.OpenAsync(Store, Author, after, CancellationToken.None);

    /// <summary>What is there behind a position.</summary>
    public async Task<List<SpaceChange>> ReadAsync(ChangePosition after = default)
    {
        using var cursor = await OpenFeedAsync(after);
        var all = new List<SpaceChange>();
        while (cursor.ReadPage() is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    /// <summary>Closes the store in good order; the next use opens it.</summary>
    public async Task CloseAsync()
    {
        await _store!.DisposeAsync();
        State = Engine!.Committed.Copy();
        _store = null;
    }

    /// <summary>Puts another state in place, as by a backup that was copied back.</summary>
    public async Task SetBackAsync(MemoryState state)
    {
        await CloseAsync();
        State = state.Copy();
    }

    public MemoryState Copy() => Engine!.Committed.Copy();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private SpaceStore Open()
    {
        Engine = new(State);
        return new(Engine, new SimulatedSigner(Author), new("test", Time, () => new(_nonce++)) { Place = Place });
    }
}
