using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Replica.Peer.Host;
using Replica.Peer.Host.Feeds;
using Replica.Web.Hosting;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>A space among the services of an application: open before the others start, closed after they stopped.</summary>
public sealed class HostedSpaceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Services_find_it_open_from_their_start_to_their_stop()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        _ = builder.Services.AddReplica(_folder.Home, new() { IsCreatedIfMissing = true });
        _ = builder.Services.AddSingleton<Writer>().AddSingleton<IHostedService>(static provider => provider.GetRequiredService<Writer>());
        var host = builder.Build();
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<ReplicaSpace>());

        await host.StartAsync();
        var space = host.Services.GetRequiredService<ReplicaSpace>();
        Assert.NotNull(await space.GetNodeAsync("started"));
        await host.StopAsync();
        var writer = host.Services.GetRequiredService<Writer>();
        host.Dispose();

        Assert.True(writer.HasStopped);
        await using var again = await ReplicaSpace.OpenAsync(_folder.Home);
        Assert.NotNull(await again.GetNodeAsync("stopped"));
    }

    [Fact]
    public async Task A_host_whose_space_can_not_be_opened_does_not_start_and_says_why()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        _ = builder.Services.AddReplica(_folder.Home);
        using var host = builder.Build();
        var waiting = host.Services.GetRequiredService<HostedSpace>().GetAsync();

        var fault = await Assert.ThrowsAsync<ReplicaException>(() => host.StartAsync());

        Assert.Equal("REPLICA_NOT_A_HOME", fault.Code);
        Assert.Equal("REPLICA_NOT_A_HOME", (await Assert.ThrowsAsync<ReplicaException>(() => waiting)).Code);
    }

    [Fact]
    public void A_second_space_is_refused_where_it_is_added() => Assert.Throws<InvalidOperationException>(
        () => new ServiceCollection().AddReplica("a").AddReplica("b"));

    /// <summary>Writes when it starts and, following the feed to its end, when it stops.</summary>
    private sealed class Writer(HostedSpace hosted) : BackgroundService
    {
        public bool HasStopped { get; private set; }

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            var space = await hosted.GetAsync(cancellationToken);
            await space.TransactAsync(tx => tx.Put("started", null), cancellationToken);
            await base.StartAsync(cancellationToken);
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await (ExecuteTask ?? Task.CompletedTask).WaitAsync(Limit, cancellationToken);
            await hosted.Space.TransactAsync(tx => tx.Put("stopped", null), cancellationToken);
            HasStopped = true;
            await base.StopAsync(cancellationToken);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await foreach (var _ in hosted.Space.WatchChangesAsync(ChangePosition.Start, CancellationToken.None))
            {
            }
        }
    }
}
