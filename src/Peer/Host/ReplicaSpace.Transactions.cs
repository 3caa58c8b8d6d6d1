namespace Replica.Peer.Host;

/// <content>Transactions that read what they write.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>
    /// Runs a body that reads and writes, and commits all it wrote as one change, whole or not at all; returns when that is
    /// acknowledged. It runs once, on the space's writer, one at a time with every other write here: what it reads stays so until it ends.
    /// </summary>
    /// <remarks>
    /// The body must be quick, must not wait for anything and must not be async: all writes of the space wait for it. An
    /// exception of it undoes what it wrote and is thrown on. To ask the space itself from inside the body is refused.
    /// </remarks>
    /// <param name="body">Reads and writes through what it is given, and nothing else.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer; once it has begun, the transaction is carried out.</param>
    /// <returns>What the body returned, and the change that it became.</returns>
    /// <exception cref="ArgumentException">The body is async.</exception>
    /// <exception cref="ReplicaException">As with <see cref="WriteAsync"/>.</exception>
    public async Task<(T Result, ChangeReceipt Receipt)> TransactAsync<T>(
        Func<SpaceTransaction, T> body, CancellationToken cancellationToken = default)
    {
        if (typeof(Task).IsAssignableFrom(typeof(T)) || typeof(T) == typeof(ValueTask))
        {
            throw new ArgumentException(
                "A transaction's body runs on the space's writer and can't be async: wait for what it needs before it.", nameof(body));
        }

        await _home.AwaitPeersAsync(_space, cancellationToken);
        var ((result, operations), change) = await Faults.TranslateAsync(_space.Store.WriteAsync(
            transaction => Run(body, transaction), cancellationToken));
        return (result, new(change?.Dot, change?.Time ?? default, operations));
    }

    /// <summary>Runs a body that reads and writes, and commits all it wrote as one change: see the other overload.</summary>
    /// <param name="body">Reads and writes through what it is given, and nothing else.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer; once it has begun, the transaction is carried out.</param>
    /// <exception cref="ReplicaException">As with <see cref="WriteAsync"/>.</exception>
    public async Task<ChangeReceipt> TransactAsync(Action<SpaceTransaction> body, CancellationToken cancellationToken = default) =>
        (await TransactAsync(
            transaction =>
            {
                body(transaction);
                return true;
            },
            cancellationToken)).Receipt;

    private static (T Result, int Operations) Run<T>(Func<SpaceTransaction, T> body, Store.ITransaction transaction)
    {
        var open = new SpaceTransaction(transaction);
        try
        {
            var result = body(open);
            open.Fault?.Throw();
            return (result, open.Operations);
        }
        catch when (open.Fault is not null)
        {
            open.Fault.Throw();
            throw;
        }
        finally
        {
            open.End();
        }
    }
}
