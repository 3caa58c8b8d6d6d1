using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Host;

namespace Replica.Web.Hosting;

/// <summary>Opens a space when the host starts and closes it when the host has stopped. Any thread may call.</summary>
/// <remarks>
/// When the host begins to stop, feeds and live queries end, so that nobody who serves them is waited for; reads and writes go on
/// until the services registered after this one have stopped. If the space can't be opened, the host does not start.
/// </remarks>
public sealed class HostedSpace : IHostedLifecycleService, IAsyncDisposable
{
    private readonly string _path;
    private readonly SpaceOptions _options;
    private readonly TaskCompletionSource<ReplicaSpace> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ReplicaSpace? _space;

    internal HostedSpace(string path, SpaceOptions options, ILoggerFactory loggers)
    {
        _path = path;
        _options = options.Loggers is NullLoggerFactory ? options with { Loggers = loggers } : options;
    }

    /// <summary>The space.</summary>
    /// <exception cref="InvalidOperationException">The host has not started, or could not open it.</exception>
    public ReplicaSpace Space => _space
        ?? throw new InvalidOperationException(
            "The space opens when the host starts: ask for HostedSpace instead of ReplicaSpace, and wait for GetAsync where it is needed.");

    /// <summary>The space, as soon as it is open.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ReplicaException">It could not be opened.</exception>
    public Task<ReplicaSpace> GetAsync(CancellationToken cancellationToken = default) => _opened.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            _space = await ReplicaSpace.OpenAsync(_path, _options, cancellationToken);
            _opened.SetResult(_space);
        }
        catch (Exception fault)
        {
            _opened.SetException(fault);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _space?.EndWatches();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes the space if it is open. Again is fine.</summary>
    public ValueTask DisposeAsync() => _space?.DisposeAsync() ?? ValueTask.CompletedTask;
}
