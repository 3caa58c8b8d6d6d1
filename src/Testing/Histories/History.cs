using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>A random history: who wrote what, having seen what.</summary>
/// <param name="Space">The space: the hash of the first change.</param>
/// <param name="Changes">In the order in which they were written, which is one of the orders that causality allows.</param>
public sealed record History(SpaceId Space, IReadOnlyList<HistoryChange> Changes)
{
    /// <summary>Another order that causality allows, drawn anew each time.</summary>
    public IReadOnlyList<HistoryChange> Reorder(Chance chance)
    {
        var left = Changes.ToList();
        var seen = new HashSet<Position>();
        var order = new List<HistoryChange>();
        while (left.Count > 0)
        {
            var ready = left.FindAll(next => IsReady(next, seen));
            var taken = chance.Pick(ready);
            _ = left.Remove(taken);
            _ = seen.Add(taken.Place);
            order.Add(taken);
        }

        return order;
    }

    /// <summary>The history as a person may read it: a line for each change.</summary>
    public string ToStory() => string.Join('\n', Changes.Select(static c => StoryOf(c.Change)));

    /// <summary>One change as a person may read it.</summary>
    public static string StoryOf(Change change)
    {
        var operations = change.Groups.SelectMany(static group =>
            group.Operations.Select(operation => $"{StateLines.Name(group.Target)}: {StoryOf(operation)}"));
        var seen = change.Deps.Count == 0 ? "" : " having seen " + string.Join(", ", change.Deps);
        return $"{change.Dot} at {change.Time.UnixMilliseconds}+{change.Time.Counter}{seen} {{ {string.Join("; ", operations)} }}";
    }

    private static string StoryOf(Operation operation) => operation switch
    {
        Operation.SetField set => $"{set.Field} = {set.Value}",
        Operation.RemoveField remove => $"remove {remove.Field}",
        Operation.SetType type => $"type '{type.Type}'",
        Operation.Move move => $"move under {move.Parent ?? "the top"} at {move.Position}",
        Operation.Header header => $"header of {header.Name}",
        Operation.RemoveField or Operation.SetCounter or Operation.AddCounter or Operation.AddToSet or Operation.RemoveFromSet
            or Operation.SetVector or Operation.Move or Operation.Declare or Operation.Raise => operation.ToString(),
        _ => operation.GetType().Name.ToLowerInvariant(),
    };

    private static bool IsReady(HistoryChange next, HashSet<Position> seen) =>
        (next.Change.Dot.Seq == 1 || seen.Contains(next.BasePlace)) && next.Change.Deps.All(seen.Contains);
}
