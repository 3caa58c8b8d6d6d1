namespace Replica.Testing.Laws;

/// <summary>Checks that a merge type makes replicas equal: under every legal order, however states are merged or kept.</summary>
public static class LawSuite
{
    /// <summary>Holds random histories of the type against every law that its description allows to be checked.</summary>
    /// <param name="type">The type.</param>
    /// <param name="options">How much is tried.</param>
    /// <exception cref="LawBrokenException">A law does not hold; the message tells the shortest story found.</exception>
    public static void Check<TState, TOperation>(IReplicatedType<TState, TOperation> type, LawOptions options)
    {
        var check = new LawCheck<TState, TOperation>(type);
        for (var number = 0; number < options.Cases; number++)
        {
            var seed = unchecked(options.Seed + (ulong)number);
            var history = check.Draw(new(seed), options);
            if (check.Find(history, seed) is { } fault)
            {
                var shortest = LawShrinker.Shrink(history, shorter => check.Find(shorter, seed)?.Law == fault.Law);
                throw new LawBrokenException(fault.Law, seed, shortest.ToStory(), check.Find(shortest, seed)!.Detail);
            }
        }
    }
}
