using Replica.Peer.Host;

namespace Replica.PeerCli.Import;

/// <summary>Brings the lines of a file into transactions and sends them one after the other, reading the next meanwhile.</summary>
/// <param name="commit">Commits the body of one transaction.</param>
/// <param name="batchLines">How many lines go into one.</param>
/// <param name="skipBad">Told each bad line; null if the first one stops the import.</param>
/// <param name="advanced">Told after each transaction.</param>
internal sealed class Importer(
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> commit, int batchLines, Action<ImportItem>? skipBad, Action advanced)
{
    private ImportBatch _filling = new();
    private ImportBatch _sent = new();
    private Task _sending = Task.CompletedTask;
    private string _file = "";

    /// <summary>What was done so far.</summary>
    public ImportTally Tally { get; } = new();

    /// <summary>Imports all lines of one file; the last transaction is committed when it returns.</summary>
    /// <exception cref="ReplicaException">A line is bad, or the home refused; the message says how much went in before.</exception>
    public async Task RunAsync(string file, IAsyncEnumerable<ImportItem> items, CancellationToken cancellationToken)
    {
        _file = file;
        try
        {
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                if (item.Fault is not null)
                {
                    await PassOverAsync(item);
                    continue;
                }

                _filling.Add(item);
                if (_filling.Lines == batchLines || _filling.Bytes >= ImportLimits.BatchBytes)
                {
                    await SendAsync(cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            await SendAsync(cancellationToken);
            await SettleAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was sent is carried out all the same, unless the caller gave that up too, so it is waited for and counted.
            await SettleAsync();
            throw new ReplicaException(
                "REPLICA_STOPPED", $"Stopped in {file}: {Tally.Lines} lines went in, in {Tally.Transactions} transactions.");
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            await SettleAsync();
            throw new ReplicaException("REPLICA_BAD_FILE", $"{file} can't be read on: {fault.Message} {Before()}", fault);
        }
        finally
        {
            // What is under way is not left alone, whatever went wrong; its own fault is then the lesser one.
            await _sending.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task PassOverAsync(ImportItem item)
    {
        if (skipBad is null)
        {
            await SettleAsync();
            throw new ReplicaException(
                "REPLICA_BAD_LINE",
                $"{_file} line {item.Line}: {item.Fault} {Before()} Mend the line and import again, or pass over bad lines with --skip-bad.");
        }

        Tally.Skipped++;
        skipBad(item);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await SettleAsync();
        if (_filling.Lines == 0)
        {
            return;
        }

        (_filling, _sent) = (_sent, _filling);
        _sending = commit(_sent.Close(), cancellationToken);
    }

    private async Task SettleAsync()
    {
        try
        {
            await _sending;
        }
        catch (ReplicaException fault)
        {
            throw new ReplicaException(
                fault.Code, $"{_file} lines {_sent.FirstLine} to {_sent.LastLine} were refused: {fault.Message} {Before()}", fault);
        }

        if (_sent.Lines > 0)
        {
            Tally.Lines += _sent.Lines;
            Tally.Nodes += _sent.Nodes;
            Tally.Edges += _sent.Edges;
            Tally.Transactions++;
            _sent.Clear();
            advanced();
        }

        _sending = Task.CompletedTask;
    }

    private string Before() => Tally.Lines == 0
        ? "Nothing was written."
        : $"{Tally.Lines} lines before it went in, in {Tally.Transactions} transactions; nothing of its own was written.";
}
