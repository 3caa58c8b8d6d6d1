using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>A change of a random history with its place in its log's chain.</summary>
/// <param name="Change">The change.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Base">The chain head before it.</param>
/// <param name="Head">The chain head behind it.</param>
public sealed record HistoryChange(Change Change, AuthorKey Author, ChainHead Base, ChainHead Head)
{
    /// <summary>Where its chain stands behind it: names the change among all, those of a forked log too.</summary>
    public Position Place => new(Change.Dot.Log, Change.Dot.Seq, Head.Prefix);

    /// <summary>Where its chain stands before it.</summary>
    public Position BasePlace => new(Change.Dot.Log, Change.Dot.Seq - 1, Base.Prefix);
}
