using System.Reflection;
using Xunit;

namespace Replica.Tests.Properties.House;

/// <summary>The public surface changes only on purpose: each library's is on record in <c>PublicApi/</c>.</summary>
public sealed class PublicApiTests
{
    private const string Folder = "tests/Properties/House/PublicApi";

    public static TheoryData<string> Names =>
        new("Replica.Crdt", "Replica.Transport", "Replica.Peer", "Replica.Web", "Replica.Testing");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_surface_is_the_one_on_record(string library)
    {
        var path = RepoRoot.Combine($"{Folder}/{library}.txt");
        var now = PublicSurface.Of(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("REPLICA_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, string.Concat(now.Select(line => line + "\n")));
        }

        var onRecord = File.Exists(path) ? File.ReadAllLines(path) : [];
        var added = now.Except(onRecord, StringComparer.Ordinal).Select(line => "+ " + line);
        var removed = onRecord.Except(now, StringComparer.Ordinal).Select(line => "- " + line);

        Verdict.None(removed.Concat(added), $"{library} is as in {Folder}/{library}.txt. If the change is meant, run "
            + "./build.sh golden, read the difference, and add a line to CHANGELOG.md");
    }

    [Fact]
    public void Every_library_has_its_page_and_no_page_is_left_over() =>
        Assert.Equal(
            LayerTests.Libraries.Select(library => library.GetName().Name!).Order(StringComparer.Ordinal),
            Directory.GetFiles(RepoRoot.Combine(Folder), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path))
                .Order(StringComparer.Ordinal));
}
