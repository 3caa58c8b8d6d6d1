using System.Text;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Graphs;

/// <summary>Finds and reads pages of Markdown in folders.</summary>
internal static class MarkdownFolder
{
    /// <summary>The most pages that are read.</summary>
    public const int PagesMax = 20_000;

    /// <summary>The longest page in bytes; a longer one is no page for people and is passed over.</summary>
    public const int PageBytesMax = 4 * 1024 * 1024;

    // Links to folders are not followed: they may lead in a circle.
    private static readonly EnumerationOptions s_search = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>All pages below a folder.</summary>
    /// <exception cref="ReplicaException">There are too many.</exception>
    public static SortedDictionary<string, MarkdownPage> Read(string root)
    {
        var files = Directory.EnumerateFiles(root, "*.md", s_search).Take(PagesMax + 1).ToArray();
        return files.Length <= PagesMax
            ? Read(root, files)
            : throw new ReplicaException("REPLICA_TOO_LARGE", $"'{root}' holds more than {PagesMax} pages: name a folder with fewer.");
    }

    /// <summary>The documentation of this project: README.md and docs; nothing where it is not to be found.</summary>
    /// <param name="starts">Folders from which it is looked for, upwards.</param>
    public static SortedDictionary<string, MarkdownPage>? TryReadProject(IEnumerable<string> starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Replica.sln")) && File.Exists(Path.Combine(folder.FullName, "README.md")))
                {
                    var docs = Path.Combine(folder.FullName, "docs");
                    var pages = Directory.Exists(docs) ? Directory.EnumerateFiles(docs, "*.md", s_search) : [];
                    return Read(folder.FullName, [.. Directory.EnumerateFiles(folder.FullName, "*.md"), .. pages.Take(PagesMax)]);
                }
            }
        }

        return null;
    }

    private static SortedDictionary<string, MarkdownPage> Read(string root, IEnumerable<string> files)
    {
        var pages = new SortedDictionary<string, MarkdownPage>(StringComparer.Ordinal);
        foreach (var file in files.Where(static file => new FileInfo(file).Length <= PageBytesMax))
        {
            var path = Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
            pages[path] = MarkdownPage.Read(File.ReadAllText(file, Encoding.UTF8));
        }

        return pages;
    }
}
