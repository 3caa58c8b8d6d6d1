using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary><c>dev vectors</c> as a process: what failed, then the counts, and a code that says whether all went well.</summary>
public sealed class VectorCommandTests : IDisposable
{
    private const string Good = """{"cases":[{"id":"one","expect":"accept","hex":"01"},{"id":"two","expect":"accept","hex":"ca3f800000"}]}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-vectors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Counts_come_last_and_a_failure_fails_the_command()
    {
        var good = Write("good.json", Good);
        var bad = Write("bad.json", Good.Replace("accept\",\"hex\":\"01", "reject\",\"hex\":\"01", StringComparison.Ordinal));

        var fine = await ReplicaProcess.RunAsync(["dev", "vectors", good]);
        var broken = await ReplicaProcess.RunAsync(["dev", "vectors", good, bad, "--json"]);

        Assert.Equal((0, """{"passed":1,"failed":0,"skipped":1}"""), (fine.Code, fine.Lines[^1]));
        Assert.Equal((1, """{"passed":1,"failed":1,"skipped":2}"""), (broken.Code, broken.Lines[^1]));
        Assert.Contains(broken.Lines, static line => line.Contains("\"result\":\"failed\",\"id\":\"one\"", StringComparison.Ordinal));
        Assert.Contains("REPLICA_VECTORS_FAILED", broken.Error);
    }

    [Theory]
    [InlineData("not JSON at all", "not valid JSON")]
    [InlineData("{\"name\":\"something else\"}", "of no kind")]
    [InlineData(null, "Could not find file")]
    public async Task A_file_that_is_missing_or_of_another_kind_is_named(string? content, string said)
    {
        var file = content is null ? Path.Combine(_folder, "nowhere.json") : Write("odd.json", content);

        var outcome = await ReplicaProcess.RunAsync(["dev", "vectors", file]);

        Assert.Equal((1, """{"passed":0,"failed":1,"skipped":0}"""), (outcome.Code, outcome.Lines[^1]));
        Assert.Contains(file, outcome.Lines[0]);
        Assert.Contains(said, outcome.Lines[0]);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
