using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>A home that wrong commands are tried on, with files beside it that are wrong in their own ways.</summary>
public sealed class BadInputHome : IAsyncLifetime
{
    /// <summary>The home.</summary>
    internal TemporaryHome Home { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Home = await TemporaryHome.CreateAsync();
        _ = await Home.DoAsync("put", "a", "x=1");
        _ = Home.Write("bad.jsonl", "{\"node\":\"b\"}\n{\"node\":\n");
        _ = Home.Write("bad.csv", "a,b\n1,2\n\"1\"x,2\n");
        _ = Home.Write("f.csv", "a,b\n1,2\n");
        _ = Home.Write("f.jsonl", "{\"node\":\"c\"}\n");
        _ = Home.Write("f.unknown", "");
        _ = Home.Write("notgzip.jsonl.gz", "{\"node\":\"c\"}\n");
        _ = Directory.CreateDirectory(System.IO.Path.Combine(Home.Root, "folder.jsonl"));
    }

    public Task DisposeAsync()
    {
        Home.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>The bytes of the space's file: what they are equal in, its state is equal in.</summary>
    internal string Snapshot() =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(System.IO.Path.Combine(Home.Path, "main.db"))));
}
