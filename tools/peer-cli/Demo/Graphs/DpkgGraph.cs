using System.Globalization;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>
/// The graph in a dpkg status file: packages, what they need, replace and provide, who maintains them, the source and
/// section they come from, and the configuration files they own.
/// </summary>
internal static class DpkgGraph
{
    private static readonly (string Field, string Relation)[] s_relations =
    [
        ("Pre-Depends", "pre-depends"), ("Depends", "depends"), ("Recommends", "recommends"), ("Suggests", "suggests"),
        ("Enhances", "enhances"), ("Provides", "provides"), ("Conflicts", "conflicts"), ("Breaks", "breaks"),
        ("Replaces", "replaces"), ("Built-Using", "built-using"),
    ];

    private static readonly (string Field, string Name)[] s_texts =
    [
        ("Version", "version"), ("Priority", "priority"), ("Architecture", "architecture"), ("Multi-Arch", "multi-arch"),
        ("Homepage", "homepage"),
    ];

    /// <summary>The nodes and edges, each node once and before the edges that end there first.</summary>
    /// <param name="stanzas">The packages.</param>
    /// <param name="files">The paths of files that some of them brought.</param>
    public static IEnumerable<Mutation> Of(
        IReadOnlyList<DpkgStanza> stanzas, IReadOnlyDictionary<DpkgStanza, IReadOnlyList<string>> files)
    {
        var ids = Ids(stanzas);
        var provided = stanzas.SelectMany(static stanza => DpkgRelation.ReadField(stanza["Provides"]))
            .Select(static relation => relation.Package).ToHashSet(StringComparer.Ordinal);
        var known = ids.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var stanza in stanzas.Where(ids.ContainsKey))
        {
            var id = ids[stanza];
            yield return Package(id, stanza);
            foreach (var mutation in Relations(id, stanza, provided, known).Concat(Surroundings(id, stanza, known))
                .Concat(Files(id, files.GetValueOrDefault(stanza, []), known)))
            {
                yield return mutation;
            }
        }
    }

    /// <summary>The node of a package. Of one that is installed for several architectures the first has the plain name.</summary>
    private static Dictionary<DpkgStanza, string> Ids(IReadOnlyList<DpkgStanza> stanzas)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var ids = new Dictionary<DpkgStanza, string>();
        foreach (var stanza in stanzas.Where(static stanza => stanza.Package.Length > 0))
        {
            var plain = "package/" + stanza.Package;
            var full = $"{plain}:{stanza["Architecture"]}";
            if (taken.Add(plain))
            {
                ids.Add(stanza, plain);
            }
            else if (taken.Add(full))
            {
                ids.Add(stanza, full);
            }
        }

        return ids;
    }

    private static Mutation.PutNode Package(string id, DpkgStanza stanza)
    {
        var fields = new List<KeyValuePair<string, Value>>();
        foreach (var (field, name) in s_texts)
        {
            Add(fields, name, stanza.FirstLine(field));
        }

        Add(fields, "description", stanza.FirstLine("Description"));
        // 'want flag state', such as 'install ok installed'.
        Add(fields, "state", stanza["Status"].Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "");
        if (long.TryParse(stanza["Installed-Size"], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes))
        {
            fields.Add(new("installed-kib", Value.From(kibibytes)));
        }

        if (stanza["Essential"] == "yes")
        {
            fields.Add(new("essential", Value.From(true)));
        }

        return new(id, "package", fields);
    }

    private static IEnumerable<Mutation> Relations(string id, DpkgStanza stanza, HashSet<string> provided, HashSet<string> known)
    {
        foreach (var (field, relation) in s_relations)
        {
            var constraints = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var other in DpkgRelation.ReadField(stanza[field]))
            {
                // One package may be asked for twice, with a lower and an upper bound: that is one edge.
                var before = constraints.GetValueOrDefault(other.Package, "");
                var parts = other.Alternative > 0 ? [before, other.Constraint, $"alternative {other.Alternative}"] : new[] { before, other.Constraint };
                constraints[other.Package] = string.Join(", ", parts.Where(static part => part.Length > 0));
            }

            foreach (var (name, constraint) in constraints)
            {
                var target = "package/" + name;
                if (known.Add(target))
                {
                    yield return new Mutation.PutNode(target, provided.Contains(name) ? "virtual-package" : "package", [new("state", Value.From(
                        provided.Contains(name) ? "virtual" : "not-installed"))]);
                }

                var fields = new List<KeyValuePair<string, Value>>();
                Add(fields, "constraint", constraint);
                yield return Link(id, relation, target, fields);
            }
        }
    }

    private static IEnumerable<Mutation> Surroundings(string id, DpkgStanza stanza, HashSet<string> known)
    {
        if (stanza.FirstLine("Maintainer") is { Length: > 0 } maintainer)
        {
            var (name, mail) = Person(maintainer);
            foreach (var mutation in Around(id, "maintained-by", "maintainer/" + mail, "maintainer", [("name", name), ("mail", mail)], known))
            {
                yield return mutation;
            }
        }

        if (stanza.FirstLine("Section") is { Length: > 0 } section)
        {
            foreach (var mutation in Around(id, "in-section", "section/" + section, "section", [("name", section)], known))
            {
                yield return mutation;
            }
        }

        // The source has the package's name unless the field says otherwise; a version in brackets may follow.
        var source = stanza.FirstLine("Source") is { Length: > 0 } text ? text.Split(' ')[0] : stanza.Package;
        foreach (var mutation in Around(id, "built-from", "source/" + source, "source", [("name", source)], known))
        {
            yield return mutation;
        }

        foreach (var line in stanza["Conffiles"].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var hash = parts.Length > 1 ? parts[1] : "";
            foreach (var mutation in Around(
                id, "has-configuration", "file/" + parts[0].TrimStart('/'), "configuration-file", [("path", parts[0]), ("md5", hash)], known))
            {
                yield return mutation;
            }
        }
    }

    private static IEnumerable<Mutation> Files(string id, IReadOnlyList<string> paths, HashSet<string> known) =>
        paths.SelectMany(path => Around(
            id, "ships", "file/" + path.TrimStart('/'), "file", [("path", path), ("extension", Path.GetExtension(path).TrimStart('.'))], known));

    private static IEnumerable<Mutation> Around(
        string id, string relation, string target, string type, (string Name, string Text)[] texts, HashSet<string> known)
    {
        if (known.Add(target))
        {
            var fields = new List<KeyValuePair<string, Value>>();
            foreach (var (name, text) in texts)
            {
                Add(fields, name, text);
            }

            yield return new Mutation.PutNode(target, type, fields);
        }

        yield return Link(id, relation, target, []);
    }

    private static Mutation.LinkEdge Link(string from, string relation, string to, IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        new(new Target.Edge(from, relation, to, ""), fields, EndpointsRequired: false);

    private static (string Name, string Mail) Person(string text)
    {
        var open = text.LastIndexOf('<');
        var close = text.LastIndexOf('>');
        return open >= 0 && close > open + 1 ? (text[..open].Trim(), text[(open + 1)..close]) : (text, text);
    }

    private static void Add(List<KeyValuePair<string, Value>> fields, string name, string text)
    {
        if (text.Length > 0)
        {
            fields.Add(new(name, Value.From(text)));
        }
    }
}
