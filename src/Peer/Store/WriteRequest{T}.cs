namespace Replica.Peer.Store;

/// <summary>A piece of work with a result.</summary>
/// <param name="body">The work.</param>
/// <param name="isIsolated">Whether the ledger drops what failed work did, so that the others of its group go on.</param>
/// <param name="isOnDisk">Whether the caller is told only when it is on disk, whatever the space is set to.</param>
internal sealed class WriteRequest<T>(Func<SpaceLedger, T> body, bool isIsolated, bool isOnDisk) : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public override bool IsOnDisk => isOnDisk;

    /// <summary>Ends when the work is acknowledged or has failed.</summary>
    public Task<T> Completion => _completion.Task;

    public override void Execute(SpaceLedger ledger)
    {
        try
        {
            _result = body(ledger);
        }
        catch (Exception failure) when (isIsolated && failure is not StoreException)
        {
            _failure = failure;
        }
    }

    public override void Complete()
    {
        if (_failure is { } failure)
        {
            _completion.SetException(failure);
        }
        else
        {
            _completion.SetResult(_result!);
        }
    }

    public override void Fail(Exception fault) => _completion.SetException(_failure ?? fault);
}
