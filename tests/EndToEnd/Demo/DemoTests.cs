using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Replica.Tests.EndToEnd.Docs;
using Xunit;

namespace Replica.Tests.EndToEnd.Demo;

public sealed class DemoTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("replica-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Three_peers_come_out_equal_after_a_cut_conflicts_and_a_kill()
    {
        var nodes = Enumerable.Range(0, 40).Select(static i => $$$"""{"node":"n{{{i}}}","type":"t{{{i % 3}}}","fields":{"number":{{{i}}}}}""");
        var edges = Enumerable.Range(1, 39).Select(static i => $$$"""{"edge":["n{{{i}}}","follows","n{{{i - 1}}}"],"fields":{"weight":{{{i}}}.5}}""");
        var graph = Write("graph.jsonl", nodes.Concat(edges));

        var (code, output, error) = await RunAsync("demo", "--data", graph);

        Assert.True(code == 0, output + error);
        Assert.Contains("EQUAL: all 3 peers show the same graph, byte for byte", output);
        Assert.Contains("the delete was contested by an edit it had not seen: the node stays whole", output);
        var picture = XDocument.Load(Path.Combine(Page.Repository, "docs/pictures/demo.svg"));
        var heads = picture.Descendants().Where(static text => (string?)text.Attribute("class") == "head").Select(static text => text.Value).ToArray();
        Assert.Equal(3, heads.Length);
        Assert.All(heads, head => Assert.Contains(head, output));
        Assert.Empty(_folder.EnumerateDirectories());
    }

    [Fact]
    public async Task A_graph_without_edges_or_fields_is_enough_and_json_is_one_object()
    {
        var graph = Write("graph.jsonl", ["""{"node":"only"}"""]);

        var (code, output, error) = await RunAsync("demo", "--json", "--data", graph);

        Assert.True(code == 0, output + error);
        using var report = JsonDocument.Parse(output);
        Assert.True(report.RootElement.GetProperty("equal").GetBoolean());
        Assert.Equal(1, report.RootElement.GetProperty("records").GetInt64());
        Assert.All(
            report.RootElement.GetProperty("conflicts").EnumerateArray(), static conflict => Assert.True(conflict.GetProperty("asPromised").GetBoolean()));
    }

    [Fact]
    public async Task A_demo_that_takes_too_long_says_where_it_was_and_leaves_nothing()
    {
        var graph = Write("graph.jsonl", ["""{"node":"only"}"""]);

        var (code, _, error) = await RunAsync("demo", "--limit", "1s", "--data", graph);

        Assert.Equal(1, code);
        Assert.Contains("REPLICA_DEMO_TOO_LONG", error);
        Assert.Empty(_folder.EnumerateDirectories());
    }

    [Fact]
    public async Task Data_of_no_known_form_is_refused_in_one_line()
    {
        var graph = Write("graph.txt", ["just a text"]);

        var (code, output, error) = await RunAsync("demo", "--data", graph);

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains("line 1", Assert.Single(error.TrimEnd().Split('\n')));
    }

    private string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>Runs the executable itself; its temporary homes are made in this test's folder.</summary>
    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["TMPDIR"] = _folder.FullName },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "replica.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
