using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Peer.Store.Sqlite;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>The two stores by name; what they hold lies in a folder of its own that goes away with this.</summary>
internal sealed class TestEngines : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-store-").FullName;
    private int _files;

    public static TheoryData<string> Kinds => new("memory", "sqlite");

    public string LastPath { get; private set; } = "";

    public IStoreEngine Create(string kind)
    {
        LastPath = Path.Combine(_folder, $"{_files++}.replica");
        return kind == "memory" ? new MemoryEngine() : SqliteEngine.Open(LastPath, mayCreate: true);
    }

    /// <summary>The last SQLite store once more, after it was closed.</summary>
    public IStoreEngine Reopen() => SqliteEngine.Open(LastPath, mayCreate: false);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
