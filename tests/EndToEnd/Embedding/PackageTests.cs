using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Embedding;

/// <summary>The packages hold what they must, and the program on their page, in a fresh project outside the repository, lives from them alone.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly string[] Rooms = ["Crdt", "Transport", "Peer", "Web", "Testing"];

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <NuGetAudit>false</NuGetAudit>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Replica.Peer" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    private readonly TemporaryHome _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fresh_project_restores_them_without_a_network_and_opens_writes_and_reads_a_space()
    {
        var feed = Path.Combine(_folder.Root, "feed");
        foreach (var room in Rooms)
        {
            _ = await DotnetAsync(SampleProcess.Root, "pack", $"src/{room}", "-c", Configuration, "--no-build", "--nologo", "-v", "quiet", "-o", feed);
        }

        Assert.All(Rooms, room => IsWhole(feed, "Replica." + room));

        var fresh = Directory.CreateDirectory(Path.Combine(_folder.Root, "fresh")).FullName;
        await File.WriteAllTextAsync(Path.Combine(fresh, "fresh.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(fresh, "Program.cs"), await ProgramOnPageAsync());
        await File.WriteAllTextAsync(Path.Combine(fresh, "nuget.config"), Sources(feed));
        _ = await DotnetAsync(fresh, "build", "--nologo", "-v", "quiet", "-o", "out");

        Assert.Equal("Milk", (await DotnetAsync(fresh, "exec", "out/fresh.dll")).Trim());
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The program that the page of the package prints.</summary>
    private static async Task<string> ProgramOnPageAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SampleProcess.Root, "src/Peer/README.md"));
        return page.Split("```csharp\n")[1].Split("```")[0];
    }

    /// <summary>Icon, page, documentation, licence, what it is about, and symbols beside it.</summary>
    private static void IsWhole(string feed, string id)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed, $"{id}.0.1.0.nupkg"));
        var names = package.Entries.Select(static entry => entry.FullName).ToHashSet();
        Assert.Superset(new HashSet<string> { "icon.png", "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }, names);
        using var text = package.GetEntry(id + ".nuspec")!.Open();
        var metadata = XDocument.Load(text).Root!.Elements().Single();
        var values = metadata.Elements().ToDictionary(static element => element.Name.LocalName, static element => element.Value);
        Assert.Equal(("MIT", "icon.png", "README.md"), (values["license"], values["icon"], values["readme"]));
        Assert.All(new[] { "description", "tags", "authors" }, name => Assert.NotEqual("", values[name]));
        using var symbols = ZipFile.OpenRead(Path.Combine(feed, $"{id}.0.1.0.snupkg"));
        Assert.Contains($"lib/net10.0/{id}.pdb", symbols.Entries.Select(static entry => entry.FullName));
    }

    /// <summary>The packages just made and those that building this repository left; nothing else, and no network.</summary>
    private string Sources(string feed)
    {
        var usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder.Root, "packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="usual" value="{usual}" /></fallbackPackageFolders>
            </configuration>
            """;
    }

    private static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the test host was told of its own build must not reach this one, and no build server may stay.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        _ = start.Environment.Remove("NUGET_PACKAGES");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await error}");
        return await output;
    }
}
