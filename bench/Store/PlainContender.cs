namespace Replica.Bench.Store;

/// <summary>Work on a plain table that is filled before.</summary>
/// <param name="records">What it is filled with.</param>
/// <param name="work">The work.</param>
/// <param name="isClosed">Whether closing is part of it: it moves the log into the file, which writes put off.</param>
internal sealed class PlainContender(Record[] records, Func<PlainTable, long> work, bool isClosed = true) : Contender
{
    private PlainTable? _table;

    /// <inheritdoc/>
    public override ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _table = new(folder);
        _table.Fill(records);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var done = work(_table!);
        if (isClosed)
        {
            _table!.Dispose();
        }

        return ValueTask.FromResult(done);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _table?.Dispose();
        return base.DisposeAsync();
    }
}
