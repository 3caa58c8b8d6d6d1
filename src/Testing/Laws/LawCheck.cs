namespace Replica.Testing.Laws;

/// <summary>Holds one history of a type against every law that the type's description allows to be checked.</summary>
/// <typeparam name="TState">What a replica keeps.</typeparam>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
internal sealed class LawCheck<TState, TOperation>(IReplicatedType<TState, TOperation> type)
{
    private readonly LawView _view = new();

    /// <summary>A random history, each operation drawn in the state that its replica then has.</summary>
    public LawHistory<TOperation> Draw(Chance chance, LawOptions options)
    {
        var history = new LawHistory<TOperation>(options.Replicas);
        var states = Enumerable.Range(0, options.Replicas).Select(_ => type.Create()).ToArray();
        var hearPercent = chance.Between(10, 60);
        var skews = states.Select(_ => chance.Pick([0L, 5, 1_000])).ToArray();
        for (var step = chance.Between(1, options.Steps); step > 0; step--)
        {
            var replica = chance.Below(options.Replicas);
            LawStep<TOperation> next = chance.Percent(hearPercent)
                ? new LawStep<TOperation>.Hear(replica, (replica + 1 + chance.Below(options.Replicas - 1)) % options.Replicas)
                : new LawStep<TOperation>.Write(
                    replica, type.Draw(chance, states[replica], _view), (10L * (options.Steps - step + 1)) + skews[replica]);
            if (!TryTake(ref states[replica], history.Add(next)))
            {
                break;
            }
        }

        return history;
    }

    /// <summary>A type that throws is found out by the laws, which have the whole history before them.</summary>
    private bool TryTake(ref TState state, IReadOnlyList<LawOperation<TOperation>> news)
    {
        try
        {
            state = news.Aggregate(state, Apply);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>The first law that does not hold, or nothing.</summary>
    /// <param name="history">The history.</param>
    /// <param name="seed">Decides which orders are tried.</param>
    public LawFault? Find(LawHistory<TOperation> history, ulong seed)
    {
        try
        {
            return FindInOrders(history.Operations, new(seed))
                ?? FindInOperations(history.Operations)
                ?? (type is IMergedType<TState> merged ? FindInMerges(history, merged) : null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return new(LawFault.NothingThrows, $"thrown: {fault.GetType().Name}: {fault.Message}");
        }
    }

    private LawFault? FindInOrders(IReadOnlyList<LawOperation<TOperation>> operations, Chance chance)
    {
        var expected = Observe(Replay(operations));
        foreach (var order in LawOrders.Of(operations, type.Delivery, chance))
        {
            if (FindOnTheWay(order) is { } fault)
            {
                return fault;
            }

            var found = Observe(Replay(order));
            if (found != expected)
            {
                return new(LawFault.SameInEveryOrder, $"in the order {Names(operations)}: {expected}\nin the order {Names(order)}: {found}");
            }
        }

        return null;
    }

    /// <summary>The laws that hold after each operation of an order.</summary>
    private LawFault? FindOnTheWay(IReadOnlyList<LawOperation<TOperation>> order)
    {
        var modelled = type as IModelledType<TOperation>;
        var encoded = type as IEncodedState<TState>;
        if (modelled is null && encoded is null)
        {
            return null;
        }

        var state = type.Create();
        for (var count = 1; count <= order.Count; count++)
        {
            state = Apply(state, order[count - 1]);
            var shown = Observe(state);
            if (modelled is not null && modelled.Fold([.. order.Take(count).Distinct()]) is var model && model != shown)
            {
                return new(LawFault.SameAsModel, $"after {Names(order.Take(count))}\n  the model: {model}\n  the type:  {shown}");
            }

            if (encoded is not null)
            {
                var bytes = encoded.Encode(state, _view);
                state = encoded.Decode(bytes);
                if (Observe(state) is var again && again != shown)
                {
                    return new(LawFault.StateReadsBack, $"after {Names(order.Take(count))}\n  encoded: {shown}\n  decoded: {again}");
                }

                if (!encoded.Encode(state, _view).AsSpan().SequenceEqual(bytes))
                {
                    return new(LawFault.StateReadsBack, $"after {Names(order.Take(count))} it is encoded as {Convert.ToHexStringLower(bytes)} "
                        + $"and, read back, as {Convert.ToHexStringLower(encoded.Encode(state, _view))}");
                }
            }
        }

        return null;
    }

    private LawFault? FindInOperations(IReadOnlyList<LawOperation<TOperation>> operations)
    {
        if (type is not IEncodedOperation<TOperation> encoded)
        {
            return null;
        }

        var decoded = operations.Select(operation => operation with { Operation = encoded.Decode(encoded.Encode(operation.Operation)) }).ToList();
        foreach (var (sent, received) in operations.Zip(decoded))
        {
            if (!encoded.Encode(sent.Operation).AsSpan().SequenceEqual(encoded.Encode(received.Operation)))
            {
                return new(LawFault.OperationReadsBack, $"{sent.Name} was {sent.Operation} and is {received.Operation}");
            }
        }

        var (expected, found) = (Observe(Replay(operations)), Observe(Replay(decoded)));
        return expected == found ? null : new(LawFault.OperationReadsBack, $"as drawn: {expected}\nread back: {found}");
    }

    private LawFault? FindInMerges(LawHistory<TOperation> history, IMergedType<TState> merged)
    {
        // States are made anew for each merge: one may be changed by it.
        TState Of(int replica) => Replay(history.KnownTo(replica));
        var all = Enumerable.Range(0, history.Replicas).ToList();
        foreach (var a in all)
        {
            if (Compare(LawFault.MergeRepeats, merged.Merge(Of(a), Of(a)), Of(a)) is { } repeated)
            {
                return repeated;
            }

            foreach (var b in all)
            {
                var once = merged.Merge(Of(a), Of(b));
                if ((Compare(LawFault.MergeCommutes, once, merged.Merge(Of(b), Of(a)))
                    ?? Compare(LawFault.MergeRepeats, merged.Merge(merged.Merge(Of(a), Of(b)), Of(b)), once)) is { } pair)
                {
                    return pair;
                }

                foreach (var c in all)
                {
                    var left = merged.Merge(merged.Merge(Of(a), Of(b)), Of(c));
                    if (Compare(LawFault.MergeAssociates, left, merged.Merge(Of(a), merged.Merge(Of(b), Of(c)))) is { } triple)
                    {
                        return triple;
                    }
                }
            }
        }

        var joined = all.Select(Of).Aggregate(merged.Merge);
        return Compare(LawFault.DeltaIsState, joined, Replay(history.Operations));
    }

    private LawFault? Compare(string law, TState one, TState other)
    {
        var (first, second) = (Observe(one), Observe(other));
        return first == second ? null : new(law, $"one way: {first}\nthe other: {second}");
    }

    private string Observe(TState state) => type.Observe(state, _view);

    private TState Replay(IEnumerable<LawOperation<TOperation>> order) => order.Aggregate(type.Create(), Apply);

    private TState Apply(TState state, LawOperation<TOperation> operation)
    {
        _view.MoveTo(operation);
        return type.Apply(state, operation.Operation, operation.Stamp, _view);
    }

    private static string Names(IEnumerable<LawOperation<TOperation>> order) => string.Join(' ', order.Select(static operation => operation.Name));
}
