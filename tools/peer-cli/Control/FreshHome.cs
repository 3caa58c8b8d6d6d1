namespace Replica.PeerCli.Control;

/// <summary>Remembers what a directory held before a command made a home in it, so that a failure leaves things as they were.</summary>
internal sealed class FreshHome
{
    private readonly string _directory;
    private readonly bool _existed;
    private readonly bool _mayClean;

    /// <summary>Looks at the directory before anything is made.</summary>
    public FreshHome(string directory)
    {
        _directory = directory;
        _existed = Directory.Exists(directory);
        // Only what this command alone can have made is ever removed.
        _mayClean = !_existed || !Directory.EnumerateFileSystemEntries(directory).Any();
    }

    /// <summary>Removes what was made, if the directory was not there or empty before.</summary>
    public void Undo()
    {
        if (!_mayClean || !Directory.Exists(_directory))
        {
            return;
        }

        if (!_existed)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }

        foreach (var entry in new DirectoryInfo(_directory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
