using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Model;

/// <summary>A change with its place in its log's chain, which its bytes do not tell: two branches may go on alike.</summary>
/// <param name="Change">The change.</param>
/// <param name="Base">The chain head before it.</param>
public sealed record ChainedChange(Change Change, ChainHead Base)
{
    /// <summary>Where the chain stands behind it: names it among all changes.</summary>
    public Position Place { get; } = new(Change.Dot.Log, Change.Dot.Seq, Base.Append(Change.Hash()).Prefix);

    /// <summary>Where the chain stands before it.</summary>
    public Position BasePlace => new(Change.Dot.Log, Change.Dot.Seq - 1, Base.Prefix);

    /// <summary>Chains changes of logs without forks; they stay in the order given, which may be any.</summary>
    /// <exception cref="ArgumentException">A change is missing, or two stand in one place.</exception>
    public static IEnumerable<ChainedChange> Chain(IEnumerable<Change> changes)
    {
        Change[] all = [.. changes];
        var heads = new Dictionary<Dot, ChainHead>();
        foreach (var change in all.OrderBy(static change => change.Dot.Seq))
        {
            var before = new Dot(change.Dot.Log, change.Dot.Seq - 1);
            if (before.Seq > 0 && !heads.ContainsKey(before))
            {
                throw new ArgumentException($"The change {before} is in the past of another one and is not in the set.", nameof(changes));
            }

            heads.Add(change.Dot, heads.GetValueOrDefault(before, ChainHead.Empty).Append(change.Hash()));
        }

        return all.Select(change => new ChainedChange(
            change, heads.GetValueOrDefault(new(change.Dot.Log, change.Dot.Seq - 1), ChainHead.Empty)));
    }
}
