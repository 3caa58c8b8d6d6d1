using System.IO.Pipelines;
using System.Text;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Store.Sqlite;
using Replica.Tests.Properties.House;
using Replica.Transport.Crypto;
using Xunit;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>Files of every format there was are opened; those of formats that are not known are refused.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-format-").FullName;
    private readonly DeviceKeyPair _device = DeviceKeyPair.Create();

    private string File => Path.Combine(_folder, "old.db");

    private DeviceIdentity Identity => new(_device);

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    public async Task F18_a_space_of_an_older_format_shows_the_same_after_its_migration_and_is_kept_as_it_was(int format)
    {
        Load(format);
        var before = Rows(File, "SELECT body FROM changes ORDER BY arrival");

        var saved = SpaceMigration.RunIfOlder(File, Identity);

        Assert.Equal($"{File}.format-{format}", saved);
        Assert.Equal(before, Rows(saved!, "SELECT body FROM changes ORDER BY arrival"));
        Assert.Equal(["ok"], Rows(saved!, "PRAGMA integrity_check"));
        Assert.Equal(before, Rows(File, "SELECT body FROM changes ORDER BY arrival"));
        Assert.Equal(Recorded(format, "json").Trim(), await StateAsync());
        Assert.Null(SpaceMigration.RunIfOlder(File, Identity));
        using var engine = SqliteEngine.Open(File, mayCreate: false);
        var space = engine.Load();
        Assert.Equal(0, space.OwnBranch?.Value);
        Assert.Empty(new SpaceVerification(File, File + "-verify", space.Space!.Value, Identity)
            .Run(CancellationToken.None).OfType<IntegrityEvent.Found>());
    }

    [Fact]
    public void F18_an_older_space_that_is_damaged_is_refused_and_left_alone()
    {
        Load(1);
        Execute("UPDATE changes SET body = zeroblob(7) WHERE arrival = 5");

        var fault = Assert.Throws<StoreException>(() => SpaceMigration.RunIfOlder(File, Identity));

        Assert.Equal(StoreFault.Corrupt, fault.Fault);
        Assert.Contains("replica repair", fault.Message);
        Assert.Equal(["1"], Rows(File, "PRAGMA user_version"));
    }

    [Theory]
    [InlineData(0, "REPLICA_CORRUPT")]
    [InlineData(99, "REPLICA_NEWER_FORMAT")]
    [InlineData(-1, "REPLICA_CORRUPT")]
    public void F18_a_format_that_is_not_known_is_refused_with_its_code(int format, string code)
    {
        Load(1);
        Execute($"PRAGMA user_version = {format}");

        Assert.Null(SpaceMigration.RunIfOlder(File, Identity));
        Assert.Equal(code, Assert.Throws<StoreException>(() => SqliteEngine.Open(File, mayCreate: false)).Code);
        Assert.Equal([format.ToString()], Rows(File, "PRAGMA user_version"));
    }

    private static string Recorded(int format, string kind) =>
        System.IO.File.ReadAllText(RepoRoot.Combine($"tests/Properties/Store/Integrity/Formats/format-{format}.{kind}"));

    private void Load(int format) => Execute(Recorded(format, "sql"));

    private void Execute(string sql)
    {
        using var file = SqliteConnectionHandle.Open(File, mayCreate: true);
        file.Execute(sql);
    }

    private static string[] Rows(string path, string query)
    {
        using var file = SqliteConnectionHandle.Open(path, mayCreate: false);
        using var rows = file.Prepare(query);
        var found = new List<string>();
        while (rows.Step())
        {
            found.Add(query.StartsWith("SELECT", StringComparison.Ordinal) ? Convert.ToHexString(rows.Bytes(0)) : rows.Text(0));
        }

        return [.. found];
    }

    private async Task<string> StateAsync()
    {
        using var engine = SqliteEngine.Open(File, mayCreate: false);
        using var reader = engine.OpenReader();
        using var output = new MemoryStream();
        var pipe = PipeWriter.Create(output);
        await CanonicalState.WriteAsync(reader, pipe, CancellationToken.None);
        await pipe.CompleteAsync();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
