using Xunit;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>A directory for one test, gone afterwards; with the commands of one home in it.</summary>
internal sealed class TemporaryHome : IDisposable
{
    /// <summary>Makes the directory; the home in it is still to be made.</summary>
    /// <param name="longPath">Whether the home's path is too long for a socket in it.</param>
    public TemporaryHome(bool longPath = false)
    {
        Root = Directory.CreateTempSubdirectory("replica-test-").FullName;
        Path = System.IO.Path.Combine(Root, longPath ? new string('h', 100) : "home");
    }

    /// <summary>The directory of the test.</summary>
    public string Root { get; }

    /// <summary>The home.</summary>
    public string Path { get; }

    /// <summary>Makes a home with one space.</summary>
    public static async Task<TemporaryHome> CreateAsync(bool longPath = false)
    {
        var home = new TemporaryHome(longPath);
        _ = await home.DoAsync("init");
        return home;
    }

    /// <summary>Runs a command on the home.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => ReplicaProcess.RunAsync(["--dir", Path, .. arguments]);

    /// <summary>Runs a command that must succeed, and gives back what it wrote.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        Assert.True(outcome.Code == 0, $"replica {string.Join(' ', arguments)} ended with {outcome.Code}: {outcome.Error}");
        return outcome.Output;
    }

    /// <summary>Writes a file beside the home.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>All files of the test's directory, by their names.</summary>
    public string[] Files() => [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
