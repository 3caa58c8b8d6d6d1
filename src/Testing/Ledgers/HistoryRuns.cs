using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Testing.Histories;

namespace Replica.Testing.Ledgers;

/// <summary>Random histories as the signed runs in which they would travel.</summary>
internal static class HistoryRuns
{
    /// <summary>One run for each change, in the order given.</summary>
    public static IEnumerable<SignedRun> ToRuns(SpaceId space, IEnumerable<HistoryChange> changes) => changes.Select(c => ToRun(space, c));

    /// <summary>The run of one change.</summary>
    public static SignedRun ToRun(SpaceId space, HistoryChange written)
    {
        var dot = written.Change.Dot;
        var isGenesis = written.Change.Hash().Value == space.Value;
        return new(
            dot.Log,
            dot.Seq - 1,
            written.Base.Prefix,
            [written.Change.Bytes],
            SimulatedSigner.Sign(written.Author, isGenesis ? default : space, dot, written.Head));
    }
}
