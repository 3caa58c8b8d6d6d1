using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Replica.PeerCli.Commands;
using Replica.PeerCli.Output;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The program explains itself.</summary>
public sealed class HelpTests
{
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    [Fact]
    public void Every_command_has_a_description_examples_of_its_own_and_json()
    {
        using var terminal = new Terminal();
        var root = CommandTree.Create(terminal);

        Assert.Contains(root.Options, static option => option.Name == "--json" && option.Recursive);
        foreach (var path in Paths(root, []))
        {
            var command = root.Parse(path, s_parser).CommandResult;
            var named = string.Join(' ', path);
            Assert.False(string.IsNullOrWhiteSpace(command.Command.Description), $"{named} has no description");
            Assert.True(Examples.Of(command).Any(line => line.Contains(path.Length > 0 ? path[^1] : "replica")), $"{named} has no example of its own");
            Assert.All(command.Command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{named} {option.Name}"));
            Assert.All(command.Command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{named} {argument.Name}"));
        }
    }

    [Fact]
    public async Task Every_example_is_written_as_the_program_wants_it()
    {
        using var terminal = new Terminal();
        var root = CommandTree.Create(terminal);
        var examples = Paths(root, []).SelectMany(path => Examples.Of(root.Parse(path, s_parser).CommandResult)).Distinct().ToArray();
        Assert.True(examples.Length > 80, $"There are only {examples.Length} examples.");
        // The shell splits the lines as it would for the reader; a function of the program's name says what came of it.
        var script = "exec 3>&1 >/dev/null 2>&1; replica() { printf '%s\\037' \"$@\" >&3; printf '\\036' >&3; }; touch ticket.txt graph.jsonl secret.txt\n"
            + string.Concat(examples.Select(static line => $"{{ {line}; }} </dev/null; printf '\\035' >&3\n"));

        var said = await BashAsync(script);

        var lines = said.Split('\x1d')[..^1];
        Assert.Equal(examples.Length, lines.Length);
        foreach (var (example, line) in examples.Zip(lines))
        {
            var calls = line.Split('\x1e', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(calls.Length > 0, example);
            foreach (var call in calls)
            {
                var parse = root.Parse(call.Split('\x1f')[..^1], s_parser);
                Mistakes.Check(parse);
                Assert.True(parse.Errors.Count == 0 && parse.CommandResult.Command is not RootCommand, example);
            }
        }
    }

    [Fact]
    public async Task Help_shows_the_examples()
    {
        var help = await ReplicaProcess.RunAsync(["put", "--help"]);

        Assert.Equal(0, help.Code);
        Assert.Contains("Examples:\n  replica put ada --type person", help.Output);
    }

    [Theory]
    [InlineData("delte x", "Did you mean 'delete'?")]
    [InlineData("ls --typ t", "Did you mean '--type'?")]
    [InlineData("put a --field {}", "Did you mean '--fields'?")]
    [InlineData("hsitory a", "Did you mean 'history'?")]
    [InlineData("dev ecoh", "Did you mean 'echo'?")]
    [InlineData("history a --limt 3", "Did you mean '--limit'?")]
    [InlineData("ls --jsn", "Did you mean '--json'?")]
    public async Task A_mistyped_word_is_answered_with_the_likely_one(string line, string answer)
    {
        var outcome = await ReplicaProcess.RunAsync(["--dir", "x", .. line.Split(' ')]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(answer, outcome.Error);
    }

    [Fact]
    public async Task With_json_every_answer_is_json()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "ada", "--type", "person", "name=Ada");
        _ = await home.DoAsync("link", "ada", "knows", "ada");
        _ = await home.DoAsync("move", "ada");
        string[] lines =
        [
            "put ada born=1815", "count ada letters 1", "tag ada topics a", "get ada", "ls", "edges", "tree", "conflicts", "log",
            "history ada", "state", "export", "status", "peers", "members", "invite", "invite --list", "who ada", "presence", "verify", "backup copy.db",
            "doctor", "delete ada", "completion bash",
        ];

        foreach (var line in lines)
        {
            var outcome = await ReplicaProcess.RunAsync(["--dir", home.Path, .. line.Split(' '), "--json"], home.Root);
            Assert.True(outcome.Code is 0 || line == "doctor", $"{line}: {outcome.Error}");
            Assert.All(outcome.Lines, static text => JsonDocument.Parse(text).Dispose());
        }
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path) => command.Hidden
        ? []
        : command.Subcommands.SelectMany(sub => Paths(sub, [.. path, sub.Name])).Prepend(path);

    private static async Task<string> BashAsync(string script)
    {
        var folder = Directory.CreateTempSubdirectory("replica-examples-");
        try
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            var said = await bash.StandardOutput.ReadToEndAsync();
            await bash.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
            return said;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
