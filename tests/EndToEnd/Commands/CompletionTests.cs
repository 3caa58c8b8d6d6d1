using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>What shells are told when a person presses the tabulator.</summary>
public sealed class CompletionTests(CompletionHome fixture) : IClassFixture<CompletionHome>
{
    [Theory]
    [InlineData("hist", "history")]
    [InlineData("dev sc", "scenario")]
    [InlineData("log --new", "--newest")]
    [InlineData("log --js", "--json")]
    [InlineData("get page/h", "page/home page/house")]
    [InlineData("get page/home ", "")]
    [InlineData("link page/home part-of pl", "place")]
    [InlineData("move page/home --under pl", "place")]
    [InlineData("--space w", "work")]
    [InlineData("--space work get o", "only-here")]
    [InlineData("promote ", "DEVICE")]
    [InlineData("invite --role wr", "writer")]
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("import gra", "")]
    [InlineData("--dir /nowhere/at/all get p", "")]
    public async Task The_words_that_fit_are_told(string line, string due)
    {
        var home = fixture.Home;
        due = due == "DEVICE" ? JsonOf(await home.DoAsync("members", "--json")) : due;

        var outcome = await home.RunAsync(["complete-words", "--", "--dir", home.Path, .. line.Split(' ')]);

        Assert.Equal(0, outcome.Code);
        Assert.Equal("", outcome.Error);
        Assert.Equal(due.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Lines);
    }

    [Theory]
    [InlineData("replica get page/ho", "page/home page/house")]
    [InlineData("replica status --j", "--json")]
    [InlineData("replica get a:", "b")]
    public async Task Bash_takes_them(string line, string due)
    {
        var home = fixture.Home;
        var executable = Path.Combine(AppContext.BaseDirectory, "replica.dll");
        var script = $$"""
            replica() { dotnet exec '{{executable}}' "$@"; }
            export REPLICA_DIR='{{home.Path}}'
            eval "$(replica completion bash)"
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
            _replica
            echo "${COMPREPLY[@]}"
            """;

        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);

        Assert.Equal(due, said.Trim());
    }

    private static string JsonOf(string member) => System.Text.Json.JsonDocument.Parse(member).RootElement.GetProperty("device").GetString()!;
}
