namespace Replica.Tests.Properties.House;

/// <summary>Where the sources lie: the house tests read them as text.</summary>
internal static class RepoRoot
{
    private static readonly string[] s_notOurs = ["bin", "obj", ".git", "artifacts", "TestResults", "node_modules", ".vs", ".idea"];

    /// <summary>The folder that holds <c>Replica.sln</c>, above the test's own binaries.</summary>
    /// <exception cref="DirectoryNotFoundException">The binaries were moved out of the repository.</exception>
    public static string Path { get; } = Find();

    /// <summary>A file or folder of the repository as an absolute path.</summary>
    public static string Combine(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>Every file of the repository that is written by hand, in ordinal order of its path.</summary>
    public static IReadOnlyList<SourceFile> Files() =>
        [.. Below(new DirectoryInfo(Path)).OrderBy(file => file.Name, StringComparer.Ordinal)];

    private static IEnumerable<SourceFile> Below(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles())
        {
            yield return new SourceFile(System.IO.Path.GetRelativePath(Path, file.FullName).Replace('\\', '/'));
        }

        foreach (var below in folder.EnumerateDirectories().Where(below => !s_notOurs.Contains(below.Name)))
        {
            foreach (var file in Below(below))
            {
                yield return file;
            }
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Replica.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Replica.sln above {AppContext.BaseDirectory}: run the tests from a clone.");
    }
}
