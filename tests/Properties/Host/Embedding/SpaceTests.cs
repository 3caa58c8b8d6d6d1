using Replica.Peer.Host;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>Tests that each have one space, as an application opens it, in a folder of their own.</summary>
public abstract class SpaceTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ReplicaSpace? _space;

    /// <summary>The space.</summary>
    protected ReplicaSpace Space => _space!;

    public async Task InitializeAsync() => _space = await ReplicaSpace.OpenAsync(_folder.Home, new() { IsCreatedIfMissing = true });

    public Task DisposeAsync() => Space.DisposeAsync().AsTask();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
