using System.Buffers;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>One package that another one's relation field names.</summary>
/// <param name="Package">Its name, without architecture.</param>
/// <param name="Constraint">What is asked of its version, such as <c>&gt;= 2.36</c>; empty where nothing is.</param>
/// <param name="Alternative">Its place among alternatives, from 1; 0 where there is no other.</param>
internal readonly record struct DpkgRelation(string Package, string Constraint, int Alternative)
{
    private static readonly SearchValues<char> s_nameEnds = SearchValues.Create(" \t\n([<");

    /// <summary>Reads a field such as <c>Depends</c>: groups between commas, alternatives between bars.</summary>
    public static IEnumerable<DpkgRelation> ReadField(string field)
    {
        foreach (var group in field.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var alternatives = group.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var (place, text) in alternatives.Index())
            {
                if (Read(text, alternatives.Length == 1 ? 0 : place + 1) is { } relation)
                {
                    yield return relation;
                }
            }
        }
    }

    private static DpkgRelation? Read(string text, int alternative)
    {
        // name:arch (constraint) [architectures] <profiles>; the last two say when it counts, which is known by now.
        var end = text.AsSpan().IndexOfAny(s_nameEnds);
        var name = end < 0 ? text : text[..end];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        name = colon < 0 ? name : name[..colon];
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.IndexOf(')', StringComparison.Ordinal);
        return name.Length == 0 ? null : new(name, open >= 0 && close > open ? text[(open + 1)..close].Trim() : "", alternative);
    }
}
