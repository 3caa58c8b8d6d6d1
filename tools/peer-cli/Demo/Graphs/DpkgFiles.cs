namespace Replica.PeerCli.Demo.Graphs;

/// <summary>The files that packages brought, from the lists that dpkg keeps beside its status file.</summary>
internal static class DpkgFiles
{
    /// <summary>The most files of one package; a larger one, mostly data, is passed over whole.</summary>
    public const int PackageFilesMax = 500;

    /// <summary>Reads the files of as many packages as there is room for.</summary>
    /// <param name="stanzas">The packages.</param>
    /// <param name="folder">Where the lists are.</param>
    /// <param name="filesMax">How many files there is room for.</param>
    /// <returns>The paths of the files of each package, without folders.</returns>
    public static Dictionary<DpkgStanza, IReadOnlyList<string>> Read(IEnumerable<DpkgStanza> stanzas, string folder, int filesMax)
    {
        var files = new Dictionary<DpkgStanza, IReadOnlyList<string>>();
        var room = filesMax;
        foreach (var stanza in stanzas)
        {
            var own = FilesOf(stanza, folder);
            if (own.Count is > 0 and <= PackageFilesMax && own.Count <= room)
            {
                files.Add(stanza, own);
                room -= own.Count;
            }
        }

        return files;
    }

    private static List<string> FilesOf(DpkgStanza stanza, string folder)
    {
        // The name of a list says the architecture where a package may be there for several.
        string[] names = [$"{stanza.Package}.list", $"{stanza.Package}:{stanza["Architecture"]}.list"];
        var files = new List<string>();
        foreach (var list in names.Select(name => Path.Combine(folder, name)).Where(File.Exists).Take(1))
        {
            // A folder stands right before what is in it.
            string? before = null;
            foreach (var path in File.ReadLines(list).Take(4 * PackageFilesMax).Append(""))
            {
                if (before is { Length: > 1 } && before != "/." && !path.StartsWith(before + "/", StringComparison.Ordinal))
                {
                    files.Add(before);
                }

                before = path;
            }
        }

        return files;
    }
}
