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
        var script = $$"""
            {{Setup}}
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

    [ShellTheory("zsh")]
    [InlineData("replica get page/ho", "page/home page/house")]
    [InlineData("replica status --j", "--json")]
    [InlineData("replica get a:", "a:b")]
    [InlineData("replica hist", "history")]
    [InlineData("replica import gra", "FILES")]
    public async Task Zsh_takes_them(string line, string due)
    {
        // What the completion system offers is what is given to compadd, which works inside a line editor alone.
        var script = $$$"""
            autoload -Uz compinit && compinit -u -d "$TMPDIR/dump"
            {{{Setup}}}
            eval "$(replica completion zsh)"
            [[ ${_comps[replica]} == _replica ]] || print NOT REGISTERED
            compadd() { [[ $1 == -a ]] && print -r -- ${(P)2} || print -r -- "$@" }
            _files() { print FILES }
            words=(${(z)${:-'{{{line}}}'}}) CURRENT=$#words
            _replica
            """;

        Assert.Equal(due, await RunAsync("zsh", "-f", script));
    }

    [ShellTheory("fish")]
    [InlineData("replica get page/ho", "page/home page/house")]
    [InlineData("replica status --j", "--json")]
    [InlineData("replica get a:", "a:b")]
    [InlineData("replica hist", "history")]
    [InlineData("replica --space work get ", "only-here")]
    [InlineData("replica import gra", "graph.jsonl")]
    public async Task Fish_takes_them(string line, string due)
    {
        var script = $"""
            function replica; dotnet exec '{Executable}' $argv; end
            set -gx REPLICA_DIR '{fixture.Home.Path}'
            replica completion fish | source
            complete -C '{line}'
            """;

        Assert.Equal(due, await RunAsync("fish", "--no-config", script));
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "replica.dll");

    private string Setup => $$"""
        replica() { dotnet exec '{{Executable}}' "$@"; }
        export REPLICA_DIR='{{fixture.Home.Path}}'
        """;

    /// <returns>What it wrote, as one line.</returns>
    private async Task<string> RunAsync(string shell, string clean, string script)
    {
        var start = new ProcessStartInfo(shell, [clean, "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Neither keeps anything in the user's own folders.
        start.WorkingDirectory = fixture.Home.Root;
        start.Environment["HOME"] = start.Environment["TMPDIR"] = start.Environment["XDG_CONFIG_HOME"] = fixture.Home.Root;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        Assert.Equal("", await error);
        return string.Join(' ', said.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static string JsonOf(string member) => System.Text.Json.JsonDocument.Parse(member).RootElement.GetProperty("device").GetString()!;
}
