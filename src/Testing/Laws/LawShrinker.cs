namespace Replica.Testing.Laws;

/// <summary>Makes a history that breaks a law shorter for as long as it still breaks it.</summary>
/// <remarks>Source: [DeltaDebug]. Steps are taken out in ever smaller pieces; stamps and contexts follow from what is left.</remarks>
internal static class LawShrinker
{
    /// <summary>The shortest history found.</summary>
    /// <param name="history">One that breaks the law.</param>
    /// <param name="isBroken">Whether a history still breaks it.</param>
    public static LawHistory<TOperation> Shrink<TOperation>(
        LawHistory<TOperation> history, Func<LawHistory<TOperation>, bool> isBroken)
    {
        var size = Math.Max(1, history.Steps.Count / 2);
        while (true)
        {
            if (Shorter(history, size).FirstOrDefault(isBroken) is { } shorter)
            {
                history = shorter;
                size = Math.Clamp(size, 1, Math.Max(1, history.Steps.Count));
            }
            else if (size == 1)
            {
                return history;
            }
            else
            {
                size /= 2;
            }
        }
    }

    private static IEnumerable<LawHistory<TOperation>> Shorter<TOperation>(LawHistory<TOperation> history, int size)
    {
        for (var start = 0; start < history.Steps.Count; start += size)
        {
            yield return LawHistory<TOperation>.Of(
                history.Replicas, history.Steps.Where((_, place) => place < start || place >= start + size));
        }
    }
}
