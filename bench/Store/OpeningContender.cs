using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;

namespace Replica.Bench.Store;

/// <summary>Opens a long space as a home does, reads one node, and closes it.</summary>
internal sealed class OpeningContender(LongSpace space) : Contender
{
    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var engine = SqliteEngine.Open(space.Path, mayCreate: false);
        await using var store = new SpaceStore(engine, LongSpace.Identity, new("bench", TimeProvider.System, static () => new(2)));
        using var reader = store.OpenReader();
        return reader.GetNode(LongSpace.NodeOf(7)) is null ? 0 : 1;
    }
}
