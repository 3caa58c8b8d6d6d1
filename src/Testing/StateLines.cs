using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Testing;

/// <summary>How a state is written down for comparison and for people: one line a thing, equal lines for equal things.</summary>
internal static class StateLines
{
    public static string Element(Target target, string type, Value? vector, IEnumerable<KeyValuePair<string, Value>> fields) =>
        $"{Name(target)} {Quote(type)} {(vector is { } numbers ? $"{numbers} " : "")}{Value.From(fields)}";

    public static string Conflict(Target target, string register, Dot dot, int index, Value? value) =>
        $"{Name(target)} conflict in {register}: {dot}/{index} {value?.ToString() ?? "removed"}";

    public static string GivesWay(Target.Edge edge, Target.Edge shown) => $"{Name(edge)} gives way to {Name(shown)}";

    public static string Placed(string node, string? parent, int index) => $"tree {Under(node, parent)} at {index}";

    public static string Orphan(string node, string parent) => $"orphan {Under(node, parent)}";

    public static string Skipped(string node, string parent, Dot dot, int index) => $"skipped move {Under(node, parent)}: {dot}/{index}";

    public static string Name(Target target) => target switch
    {
        Target.Node node => $"node {Quote(node.Id)}",
        Target.Edge edge => $"edge {Quote(edge.From)} {Quote(edge.Relation)} {Quote(edge.To)} {Quote(edge.Key)}",
        _ => "space",
    };

    /// <summary>The first line in which two states differ, or nothing.</summary>
    public static string? FirstDifference(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        var missing = expected.Except(found, StringComparer.Ordinal).FirstOrDefault();
        var surplus = found.Except(expected, StringComparer.Ordinal).FirstOrDefault();
        return missing is null && surplus is null && expected.Count == found.Count
            ? null
            : $"expected: {missing ?? "nothing more"}\n     found: {surplus ?? "nothing more"}";
    }

    private static string Under(string node, string? parent) => $"{Quote(node)} under {(parent is null ? "the top" : Quote(parent))}";

    private static string Quote(string text) => Value.From(text).ToString();
}
