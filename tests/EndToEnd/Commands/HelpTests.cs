using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The program explains itself.</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task Every_command_shows_examples_in_its_help()
    {
        var help = await ReplicaProcess.RunAsync(["--help"]);
        var names = help.Lines.SkipWhile(static line => line != "Commands:").Skip(1).TakeWhile(static line => line.StartsWith(' '))
            .Where(static line => line[2] != ' ').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ToArray();

        Assert.Equal(0, help.Code);
        Assert.Contains("import", names);
        foreach (var name in names)
        {
            var own = await ReplicaProcess.RunAsync([name, "--help"]);
            Assert.True(own.Code == 0 && own.Output.Contains("Examples:\n  replica"), $"{name}: {own.Output}");
        }
    }

    [Theory]
    [InlineData("delte x", "Did you mean 'delete'?")]
    [InlineData("ls --typ t", "Did you mean '--type'?")]
    [InlineData("put a --field {}", "Did you mean '--fields'?")]
    public async Task A_mistyped_word_is_answered_with_the_likely_one(string line, string answer)
    {
        var outcome = await ReplicaProcess.RunAsync(["--dir", "x", .. line.Split(' ')]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(answer, outcome.Error);
    }
}
