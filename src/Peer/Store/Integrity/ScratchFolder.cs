namespace Replica.Peer.Store.Integrity;

/// <summary>Where a state is built for comparison: beside the space's file, or in a folder for its owner alone where nothing can be written there.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>How the file is called beside the space's own.</summary>
    private const string Suffix = "-verify";

    private readonly DirectoryInfo? _folder;

    private ScratchFolder(string path, DirectoryInfo? folder)
    {
        Path = path;
        _folder = folder;
    }

    /// <summary>The file to make.</summary>
    public string Path { get; }

    /// <summary>Finds the place for a space's file.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static ScratchFolder For(string path, bool isReadOnly)
    {
        if (!isReadOnly)
        {
            return new(path + Suffix, null);
        }

        var folder = Directory.CreateTempSubdirectory("replica-verify-");
        return new(System.IO.Path.Combine(folder.FullName, System.IO.Path.GetFileName(path) + Suffix), folder);
    }

    public void Dispose() => _folder?.Delete(recursive: true);
}
