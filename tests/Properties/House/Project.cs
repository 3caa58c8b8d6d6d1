using System.Xml.Linq;

namespace Replica.Tests.Properties.House;

/// <summary>What the house tests need of one project file.</summary>
/// <param name="Folder">Folder of the project from the root, such as <c>src/Crdt</c>.</param>
/// <param name="Namespace">Root namespace.</param>
/// <param name="References">Folders of the projects it references.</param>
/// <param name="Packages">Names of the packages it references itself.</param>
/// <param name="Frameworks">Names of the shared frameworks it asks for.</param>
internal sealed record Project(
    string Folder,
    string Namespace,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> Frameworks)
{
    /// <summary>All projects of the repository.</summary>
    public static IReadOnlyList<Project> All() =>
        [.. RepoRoot.Files().Where(file => file.Is(".csproj")).Select(Read)];

    /// <summary>The namespace that a file in <paramref name="folder"/> must declare.</summary>
    public string NamespaceOf(string folder) =>
        folder == Folder ? Namespace : Namespace + "." + folder[(Folder.Length + 1)..].Replace('/', '.');

    private static Project Read(SourceFile file)
    {
        var xml = XDocument.Load(RepoRoot.Combine(file.Name));
        var rootNamespace = xml.Descendants("RootNamespace").FirstOrDefault()?.Value
            ?? Path.GetFileNameWithoutExtension(file.Name);
        return new Project(
            file.Folder,
            rootNamespace,
            [.. Included("ProjectReference").Select(path => FolderOf(file.Folder, path))],
            [.. Included("PackageReference")],
            [.. Included("FrameworkReference")]);

        IEnumerable<string> Included(string element) =>
            xml.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();
    }

    private static string FolderOf(string from, string reference)
    {
        var full = Path.GetFullPath(Path.Combine(RepoRoot.Combine(from), reference.Replace('\\', '/')));
        return Path.GetRelativePath(RepoRoot.Path, Path.GetDirectoryName(full)!).Replace('\\', '/');
    }
}
