namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>A folder that goes away with this.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("replica-embedding-");

    public string Home => Path.Combine(_folder.FullName, "home");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
