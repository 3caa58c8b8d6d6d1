using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>Files that are there in an odd way, or not at all.</summary>
public sealed class OddFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_space_whose_file_is_gone_or_empty_is_named_and_the_status_still_shows(bool isEmpty)
    {
        using var home = await TemporaryHome.CreateAsync();
        var file = Path.Combine(home.Path, "main.db");
        File.Delete(file);
        if (isEmpty)
        {
            await File.WriteAllTextAsync(file, "");
        }

        var list = await home.RunAsync("ls");
        var status = await home.RunAsync("status");

        Assert.Equal(1, list.Code);
        Assert.Contains("main.db' is missing or empty", Assert.Single(list.ErrorLines));
        Assert.Equal(0, status.Code);
        Assert.Contains("device", status.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_space_that_can_not_be_made_leaves_nothing_in_the_way_of_the_next_try(bool isJoin)
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = await TemporaryHome.CreateAsync();
        string[] command = isJoin ? ["join", (await other.DoAsync("invite")).Trim(), "--space", "team"] : ["init", "--space", "team"];
        var obstacle = Directory.CreateDirectory(Path.Combine(home.Path, "team.db-journal"));
        var files = home.Files();

        var failed = await home.RunAsync(command);

        Assert.Equal(1, failed.Code);
        _ = Assert.Single(failed.ErrorLines);
        Assert.Equal(files, home.Files());
        obstacle.Delete();
        _ = await home.DoAsync(command);
    }

    [Fact]
    public async Task A_home_whose_holder_can_not_be_noted_is_still_read()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = Directory.CreateDirectory(Path.Combine(home.Path, "lock.holder"));

        _ = await home.DoAsync("status");
    }

    [Fact]
    public async Task An_import_reads_a_pipe()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var import = ReplicaProcess.Start(["--dir", home.Path, "import", "/dev/stdin", "--format", "jsonl"]);
        await import.StandardInput.WriteAsync("{\"node\":\"a\"}\n{\"node\":\"b\"}\n");
        import.StandardInput.Close();
        var error = await import.StandardError.ReadToEndAsync();
        await import.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);

        Assert.Equal("", error);
        Assert.Equal(0, import.ExitCode);
        Assert.Equal(["a", "b"], (await home.RunAsync("ls")).Lines.Select(static line => line.Trim()));
    }
}
