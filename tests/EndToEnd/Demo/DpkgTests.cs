using Replica.Peer.Host;
using Replica.PeerCli.Demo.Graphs;
using Xunit;

namespace Replica.Tests.EndToEnd.Demo;

public sealed class DpkgTests
{
    private const string Editor = """
        Package: editor
        Status: install ok installed
        Priority: optional
        Section: editors
        Installed-Size: 686
        Maintainer: Ada L. <ada@example.org>
        Architecture: all
        Source: editor-suite (1.0)
        Version: 1.0-2
        Depends: libtext (>= 2.36), libtext (<< 3), spell | thesaurus
        Conffiles:
         /etc/editor.conf cc3493ecd2d09837ffdcc3e25fdfff18
        Description: edits text
         It does no more than that.
         .
         And no less.
        """;

    private const string Library = """
        Package: libtext
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 2.40
        Provides: spell (= 1)
        Description: text
        """;

    [Fact]
    public void A_stanza_keeps_its_fields_and_the_lines_that_continue_them()
    {
        var stanza = Assert.Single(Read(Editor));

        Assert.Equal("editor", stanza.Package);
        Assert.Equal("edits text", stanza.FirstLine("Description"));
        Assert.EndsWith("\nAnd no less.", stanza["Description"]);
        Assert.Equal("", stanza["Homepage"]);
    }

    [Theory]
    [InlineData("\n\n\n")]
    [InlineData("\n \n")]
    [InlineData("\r\n\r\n")]
    public void Blank_lines_of_any_kind_part_stanzas(string between) => Assert.Equal(2, Read(Editor + between + Library).Count);

    [Theory]
    [InlineData("no colon here", "line 1")]
    [InlineData(" continues nothing", "line 1")]
    [InlineData("Package: a\n\n continues nothing", "line 3")]
    [InlineData("Package: a\nPackage: b", "line 2")]
    public void A_line_of_another_form_is_named(string text, string place)
    {
        var fault = Assert.Throws<ReplicaException>(() => Read(text));

        Assert.Equal("REPLICA_BAD_LINE", fault.Code);
        Assert.Contains($"status {place}:", fault.Message);
    }

    [Fact]
    public void A_stanza_without_end_is_refused()
    {
        var line = " " + new string('x', 999) + "\n";

        var fault = Assert.Throws<ReplicaException>(() =>
            Read("Package: a\n" + string.Concat(Enumerable.Repeat(line, DpkgReader.StanzaCharsMax / 1000 + 1))));

        Assert.Contains($"{DpkgReader.StanzaCharsMax} characters", fault.Message);
    }

    [Fact]
    public void A_relation_field_is_groups_of_alternatives() => Assert.Equal(
        [
            new("libc6", ">= 2.36", 0), new("perl", "", 0), new("mta", "", 1), new("postfix", "<< 4", 2), new("make", "", 0),
        ],
        DpkgRelation.ReadField("libc6 (>= 2.36), perl:any, mta | postfix (<< 4), , make [amd64] <!nocheck>,"));

    [Fact]
    public void A_package_becomes_a_node_among_all_that_it_names() => Assert.Equal(
        [
            "package/editor (package) version=\"1.0-2\" priority=\"optional\" architecture=\"all\" description=\"edits text\" "
            + "state=\"installed\" installed-kib=686",
            "package/editor -depends-> package/libtext constraint=\">= 2.36, << 3\"",
            "package/spell (virtual-package) state=\"virtual\"",
            "package/editor -depends-> package/spell constraint=\"alternative 1\"",
            "package/thesaurus (package) state=\"not-installed\"",
            "package/editor -depends-> package/thesaurus constraint=\"alternative 2\"",
            "maintainer/ada@example.org (maintainer) name=\"Ada L.\" mail=\"ada@example.org\"",
            "package/editor -maintained-by-> maintainer/ada@example.org",
            "section/editors (section) name=\"editors\"",
            "package/editor -in-section-> section/editors",
            "source/editor-suite (source) name=\"editor-suite\"",
            "package/editor -built-from-> source/editor-suite",
            "file/etc/editor.conf (configuration-file) path=\"/etc/editor.conf\" md5=\"cc3493ecd2d09837ffdcc3e25fdfff18\"",
            "package/editor -has-configuration-> file/etc/editor.conf",
            "package/libtext (package) version=\"2.40\" architecture=\"amd64\" description=\"text\" state=\"config-files\"",
            "package/libtext -provides-> package/spell constraint=\"= 1\"",
            "source/libtext (source) name=\"libtext\"",
            "package/libtext -built-from-> source/libtext",
        ],
        GraphText.Of(Graph(Editor + "\n\n" + Library)));

    [Fact]
    public void A_package_of_two_architectures_is_two_nodes() => Assert.Equal(
        ["package/libtext", "package/libtext:i386"],
        Graph(Library + "\n\n" + Library.Replace("amd64", "i386")).OfType<Mutation.PutNode>()
            .Where(static node => node.Id.StartsWith("package/libtext", StringComparison.Ordinal))
            .Select(static node => node.Id));

    [Fact]
    public void Lists_of_files_are_read_without_their_folders_while_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("replica-test-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "editor.list"),
                "/.\n/usr\n/usr/bin\n/usr/bin/edit\n/usr/bin/edit2\n/usr/share\n/usr/share/edit.txt\n");
            File.WriteAllText(Path.Combine(folder.FullName, "libtext:amd64.list"), "/.\n/usr\n/usr/lib\n/usr/lib/libtext.so\n");
            var stanzas = Read(Editor + "\n\n" + Library);

            var all = DpkgFiles.Read(stanzas, folder.FullName, filesMax: 4);
            var some = DpkgFiles.Read(stanzas, folder.FullName, filesMax: 3);

            Assert.Equal(["/usr/bin/edit", "/usr/bin/edit2", "/usr/share/edit.txt"], all[stanzas[0]]);
            Assert.Equal(["/usr/lib/libtext.so"], all[stanzas[1]]);
            Assert.Equal([stanzas[0]], some.Keys);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<DpkgStanza> Read(string text) => DpkgReader.Read(new StringReader(text), "status");

    private static IEnumerable<Mutation> Graph(string text) => DpkgGraph.Of(Read(text), new Dictionary<DpkgStanza, IReadOnlyList<string>>());
}
