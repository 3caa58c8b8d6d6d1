using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>The floors of the house hold: see CONTRIBUTING.md.</summary>
public sealed partial class LayerTests
{
    private static readonly IReadOnlyList<Project> s_projects = Project.All();

    private static readonly SourceFile[] s_code =
        [.. RepoRoot.Files().Where(file => file.Is(".cs") && file.IsBelow("src", "tools", "tests", "bench", "samples"))];

    /// <summary>The libraries, by the assembly of the compiled room.</summary>
    internal static readonly Assembly[] Libraries =
    [
        Assembly.Load("Replica.Crdt"), Assembly.Load("Replica.Transport"), Assembly.Load("Replica.Peer"),
        Assembly.Load("Replica.Web"), Assembly.Load("Replica.Testing"),
    ];

    [Fact]
    public void A_project_references_only_rooms_below_it()
    {
        var faults =
            from project in s_projects
            where Floors.Below.ContainsKey(project.Folder)
            from reference in project.References
            where !Floors.Below[project.Folder].Contains(reference)
            select $"{project.Folder} references {reference}.";

        Verdict.None(faults, "a room knows only the rooms below it (Floors.cs)");
    }

    [Fact]
    public void Every_product_project_has_its_floor()
    {
        var faults = s_projects.Select(project => project.Folder)
            .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal) || folder.StartsWith("tools/", StringComparison.Ordinal))
            .Except(Floors.Below.Keys).Except(["src/Generators"]);

        Verdict.None(faults, "a new project needs a dependency set or a deployment of its own, and a line in Floors.cs");
    }

    [Fact]
    public void A_file_imports_only_rooms_below_its_own()
    {
        var faults =
            from file in s_code
            from used in Imports(file)
            let own = ProjectOf(file)
            let other = s_projects.FirstOrDefault(project => IsIn(used.Namespace, project.Namespace))
            where own is not null && other is not null && own != other
            where Floors.Below.TryGetValue(own.Folder, out var below) && !below.Contains(other.Folder)
            select file.At(used.Line, $"imports {used.Namespace}.");

        Verdict.None(faults, "a room knows only the rooms below it (Floors.cs)");
    }

    [Fact]
    public void Inside_Peer_the_rooms_keep_their_order()
    {
        var imports =
            from rule in Floors.InsidePeer
            from file in s_code.Where(file => file.IsBelow("src/Peer/" + rule.Room))
            from used in Imports(file)
            where IsIn(used.Namespace, "Replica.Peer." + rule.MayNotKnow)
            select file.At(used.Line, $"{rule.Room} imports {rule.MayNotKnow}.");
        var uses =
            from pair in TypeUses.In(Assembly.Load("Replica.Peer"))
            from rule in Floors.InsidePeer
            where IsIn(pair.User.Namespace ?? "", "Replica.Peer." + rule.Room)
            where IsIn(pair.Used.Namespace ?? "", "Replica.Peer." + rule.MayNotKnow)
            select $"{pair.User.FullName} uses {pair.Used.FullName}.";

        Verdict.None(imports.Concat(uses), "Host knows Net, Net knows Sync and Store, and these two do not know each other");
    }

    [Fact]
    public void A_folder_is_its_namespace()
    {
        var faults =
            from file in s_code
            let project = ProjectOf(file)
            where project is not null
            let due = project.NamespaceOf(file.Folder)
            let declared = file.Lines.Select(line => NamespaceLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
            where declared is null ? !MayLackNamespace(file) : declared != due
            select file.At(0, $"declares {declared ?? "no namespace"}, due is {due}.");

        Verdict.None(faults, "src/Peer/Sync/X.cs is Replica.Peer.Sync.X");
    }

    [Fact]
    public void No_cycle_runs_between_projects()
    {
        var edges = s_projects.SelectMany(project => project.References.Select(reference => (project.Folder, reference)));

        Verdict.None(Cycle.Find(edges) ?? [], "these projects need each other; the lower one must not know the upper one");
    }

    [Fact]
    public void No_cycle_runs_between_folders()
    {
        var uses = Libraries.SelectMany(TypeUses.In)
            .Where(pair => IsIn(pair.User.Namespace ?? "", "Replica") && IsIn(pair.Used.Namespace ?? "", "Replica"))
            .Where(pair => pair.User.Namespace != pair.Used.Namespace)
            .ToLookup(pair => (pair.User.Namespace!, pair.Used.Namespace!));

        var cycle = Cycle.Find(uses.Select(group => group.Key)) ?? [];

        var steps = cycle.Zip(cycle.Skip(1)).Select(step => $"{step.First} -> {step.Second}: "
            + string.Join(", ", uses[step].Take(3).Select(pair => $"{pair.User.Name} uses {pair.Used.Name}")));
        Verdict.None(steps, "move the shared type down, or the using one up");
    }

    [Fact]
    public void No_type_is_named_like_a_namespace()
    {
        var segments = s_code.Where(file => file.IsBelow("src", "tools"))
            .Select(file => ProjectOf(file)?.NamespaceOf(file.Folder)).OfType<string>()
            .SelectMany(name => name.Split('.')).ToHashSet(StringComparer.Ordinal);
        var faults = Libraries.SelectMany(library => library.GetTypes())
            .Where(type => !type.IsNested && segments.Contains(type.Name.Split('`')[0]))
            .Select(type => type.FullName!);

        Verdict.None(faults, "the compiler takes such a name for the namespace at the worst moment");
    }

    [Fact]
    public void Only_Web_and_the_tools_know_the_web_framework()
    {
        var frameworks =
            from project in s_projects
            where project.Frameworks.Count > 0 && project.Folder != "src/Web" && !project.Folder.StartsWith("tools/", StringComparison.Ordinal)
            select $"{project.Folder} asks for {string.Join(", ", project.Frameworks)}.";
        var imports =
            from file in s_code
            where file.IsBelow("src", "bench", "samples") && !file.IsBelow("src/Web")
            from used in Imports(file)
            where IsIn(used.Namespace, "Microsoft.AspNetCore")
                || (IsIn(used.Namespace, "Microsoft.Extensions") && !IsIn(used.Namespace, "Microsoft.Extensions.Logging"))
            select file.At(used.Line, $"imports {used.Namespace}.");

        Verdict.None(frameworks.Concat(imports), "HTTP lives in src/Web and the executable");
    }

    [Fact]
    public void Crdt_knows_nothing_outside_itself()
    {
        var crdt = s_projects.Single(project => project.Folder == "src/Crdt");
        var imports =
            from file in s_code.Where(file => file.IsBelow("src/Crdt"))
            from used in Imports(file)
            where !IsIn(used.Namespace, "System") && !IsIn(used.Namespace, "Replica.Crdt")
            select file.At(used.Line, $"imports {used.Namespace}.");
        var uses =
            from pair in TypeUses.In(Assembly.Load("Replica.Crdt"))
            where Floors.NotInCrdt.Any(prefix => pair.Used.FullName!.StartsWith(prefix, StringComparison.Ordinal))
            select $"{pair.User.FullName} uses {pair.Used.FullName}.";

        Verdict.None(crdt.Packages.Concat(crdt.References).Concat(imports).Concat(uses),
            "merge rules are pure: no package, no I/O, no task, no clock, no chance");
    }

    [Fact]
    public void A_use_inside_a_method_body_is_seen() =>
        Assert.Contains(TypeUses.In(typeof(LayerTests).Assembly), pair => pair == (typeof(LayerTests), typeof(Cycle)));

    private static Project? ProjectOf(SourceFile file) =>
        s_projects.FirstOrDefault(project => file.IsBelow(project.Folder));

    private static bool IsIn(string name, string root) =>
        name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static bool MayLackNamespace(SourceFile file) => file.Is("Program.cs", "GlobalUsings.cs", "AssemblyInfo.cs");

    private static IEnumerable<(int Line, string Namespace)> Imports(SourceFile file) =>
        from line in file.Lines.Index()
        let match = UsingLine().Match(line.Item)
        where match.Success
        select (line.Index, match.Groups[1].Value);

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?([A-Z][\w.]*)[^()]*;")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^namespace\s+([\w.]+)")]
    private static partial Regex NamespaceLine();
}
