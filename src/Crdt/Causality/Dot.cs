namespace Replica.Crdt.Causality;

/// <summary>One change of one log: its <paramref name="Seq"/>-th, counted from 1.</summary>
/// <param name="Log">The log.</param>
/// <param name="Seq">1 for the log's first change; a log never skips a number.</param>
public readonly record struct Dot(LogId Log, ulong Seq)
{
    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Of(Log.GetHashCode(), Seq);

    /// <summary>The first eight digits of the log and the number.</summary>
    public override string ToString() => $"{Log.ToString()[..8]}:{Seq}";
}
