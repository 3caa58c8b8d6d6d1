namespace Replica.Tests.Properties.House;

/// <summary>Looks for a way through a directed graph that comes back to its start.</summary>
internal static class Cycle
{
    /// <summary>The first cycle found, its first node again at its end; null when there is none.</summary>
    public static IReadOnlyList<string>? Find(IEnumerable<(string From, string To)> edges)
    {
        var next = edges.ToLookup(edge => edge.From, edge => edge.To, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        return next.Select(group => group.Key).Order(StringComparer.Ordinal).Select(Visit).FirstOrDefault(found => found is not null);

        List<string>? Visit(string node)
        {
            if (path.IndexOf(node) is var start and >= 0)
            {
                return [.. path[start..], node];
            }

            if (!done.Add(node))
            {
                return null;
            }

            path.Add(node);
            var found = next[node].Order(StringComparer.Ordinal).Select(Visit).FirstOrDefault(cycle => cycle is not null);
            path.RemoveAt(path.Count - 1);
            return found;
        }
    }
}
