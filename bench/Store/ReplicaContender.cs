namespace Replica.Bench.Store;

/// <summary>Work on a space that is filled before.</summary>
/// <param name="records">What it is filled with.</param>
/// <param name="work">The work.</param>
/// <param name="isClosed">Whether closing is part of it.</param>
internal sealed class ReplicaContender(
    Record[] records, Func<ReplicaRecords, CancellationToken, Task<long>> work, bool isClosed = true) : Contender
{
    private ReplicaRecords? _space;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _space = await ReplicaRecords.CreateAsync(folder, cancellationToken);
        await _space.FillAsync(records, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var done = await work(_space!, cancellationToken);
        if (isClosed)
        {
            await CloseAsync();
        }

        return done;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_space is { } space)
        {
            _space = null;
            await space.DisposeAsync();
        }
    }
}
