namespace Replica.Crdt.Causality;

/// <summary>A place in a log that tells branches apart: every reference from one log or peer to a log is one.</summary>
/// <param name="Log">The log.</param>
/// <param name="Seq">How many changes lie up to here; 0 is the empty log.</param>
/// <param name="Head">The first 16 bytes of the chain head there.</param>
public readonly record struct Position(LogId Log, ulong Seq, HeadPrefix Head) : IComparable<Position>
{
    /// <summary>The change that ends here.</summary>
    public Dot Dot => new(Log, Seq);

    /// <summary>Orders by log, then number, then head: the order of their bytes.</summary>
    public int CompareTo(Position other)
    {
        var byLog = Log.CompareTo(other.Log);
        if (byLog != 0)
        {
            return byLog;
        }

        var bySeq = Seq.CompareTo(other.Seq);
        return bySeq != 0 ? bySeq : Head.CompareTo(other.Head);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dot.GetHashCode(), Head.GetHashCode());

    /// <summary>The dot and the first eight digits of the head.</summary>
    public override string ToString() => $"{Dot}@{Head.ToString()[..8]}";
}
