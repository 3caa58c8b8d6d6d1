using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>The graph in a set of Markdown pages: pages, their headings, and where the links lead.</summary>
internal static class MarkdownGraph
{
    /// <summary>The nodes and edges.</summary>
    /// <param name="pages">Each page under its path from the common root, with <c>/</c> between the parts.</param>
    public static IEnumerable<Mutation> Of(IReadOnlyDictionary<string, MarkdownPage> pages)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, page) in pages)
        {
            foreach (var mutation in Page(path, page, known))
            {
                yield return mutation;
            }
        }

        // Links come when all pages and headings are known, so that each leads to what is there.
        foreach (var (path, page) in pages)
        {
            foreach (var mutation in Links(path, page, known))
            {
                yield return mutation;
            }
        }
    }

    private static IEnumerable<Mutation> Page(string path, MarkdownPage page, HashSet<string> known)
    {
        var id = "page/" + path;
        _ = known.Add(id);
        yield return new Mutation.PutNode(id, "page", [new("title", Value.From(page.Title)), new("words", Value.From((long)page.Words))]);
        var above = new Stack<(int Level, string Id)>();
        foreach (var heading in page.Headings)
        {
            while (above.Count > 0 && above.Peek().Level >= heading.Level)
            {
                _ = above.Pop();
            }

            var own = $"{id}#{heading.Slug}";
            _ = known.Add(own);
            yield return new Mutation.PutNode(own, "heading", [
                new("text", Value.From(heading.Text)), new("level", Value.From((long)heading.Level)), new("line", Value.From((long)heading.Line))]);
            yield return Link(above.Count > 0 ? above.Peek().Id : id, "contains", own, []);
            above.Push((heading.Level, own));
        }
    }

    private static IEnumerable<Mutation> Links(string path, MarkdownPage page, HashSet<string> known)
    {
        var made = new HashSet<(string, string)>();
        foreach (var link in page.Links)
        {
            var from = link.Heading < 0 ? "page/" + path : $"page/{path}#{page.Headings[link.Heading].Slug}";
            var (target, type) = Resolve(path, link.Target, known);
            if (!made.Add((from, target)))
            {
                continue;
            }

            if (known.Add(target))
            {
                yield return new Mutation.PutNode(target, type, [new("target", Value.From(link.Target))]);
            }

            yield return Link(from, "links-to", target, [new("text", Value.From(link.Text))]);
        }
    }

    /// <summary>What a link leads to: a heading or page of the set, the web, or another file of the tree.</summary>
    private static (string Id, string Type) Resolve(string path, string target, HashSet<string> known)
    {
        if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return ("web/" + target, "web");
        }

        var hash = target.IndexOf('#', StringComparison.Ordinal);
        var file = hash < 0 ? target : target[..hash];
        var full = file.Length == 0 ? path : Join(path, file);
        var page = "page/" + full;
        if (known.Contains(page))
        {
            var heading = hash < 0 ? "" : page + target[hash..];
            return known.Contains(heading) ? (heading, "heading") : (page, "page");
        }

        return ("file/" + full, "file");
    }

    private static string Join(string page, string relative)
    {
        var parts = new List<string>(relative.StartsWith('/') ? [] : page.Split('/')[..^1]);
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static Mutation.LinkEdge Link(string from, string relation, string to, IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        new(new Target.Edge(from, relation, to, ""), fields, EndpointsRequired: false);
}
