using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli;
using Replica.PeerCli.Import;
using Xunit;

namespace Replica.Tests.EndToEnd.Import;

/// <summary>CSV files as people have them.</summary>
public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\n", "a|b")]
    [InlineData("a,b", "a|b")]
    [InlineData("a,b\r\n", "a|b")]
    [InlineData("a,\"b,c\"\n", "a|b,c")]
    [InlineData("\"a\"\"b\",c\n", "a\"b|c")]
    [InlineData("\"two\nlines\",x\n", "two\nlines|x")]
    [InlineData("a,\n", "a|")]
    [InlineData(",\n", "|")]
    [InlineData("\"a\"\r\n", "a")]
    [InlineData("\"C:\\dir\\\",x\n", "C:\\dir\\|x")]
    public void A_row_is_read_as_RFC_4180_says(string text, string cells)
    {
        var row = Assert.Single(Rows(text));

        Assert.Null(row.Fault);
        Assert.Equal(cells, string.Join('|', row.Cells.Select(static cell => cell.Text)));
    }

    [Theory]
    [InlineData("\"Port O\\'Connor\"", "Port O'Connor")]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("\\N", "\\N")]
    public void An_escape_counts_inside_quotes_only(string text, string cell)
    {
        var row = Assert.Single(Rows(text, new CsvDialect { Escape = (byte)'\\' }));

        Assert.Equal(cell, row.Cells[0].Text);
    }

    [Theory]
    [InlineData("\"a\"b,c\nd,e\n", 1)]
    [InlineData("\"a\" ,c\nd,e\n", 1)]
    [InlineData("ok,ok\n\"never closed\n", 2)]
    public void A_broken_row_names_its_line_and_the_next_is_read_on(string text, int line)
    {
        var rows = Rows(text);

        Assert.Equal(line, Assert.Single(rows, static row => row.Fault is not null).Line);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_fault_of_their_row_only()
    {
        var rows = Rows([.. "a,"u8, 0xff, .. "\nb,c\n"u8]);

        Assert.Contains("UTF-8", rows[0].Fault);
        Assert.Equal("b", rows[1].Cells[0].Text);
    }

    [Fact]
    public void A_row_behind_a_cell_of_two_lines_has_its_own_line_number() =>
        Assert.Equal([1L, 3L], Rows("\"a\nb\",c\nd,e\n").Select(static row => row.Line));

    [Fact]
    public void A_row_without_end_is_given_up_at_the_limit()
    {
        var parser = new CsvParser(new CsvDialect());
        _ = parser.Push((byte)'"');
        for (var i = 0; i <= ImportLimits.LineBytesMax; i++)
        {
            _ = parser.Push((byte)'x');
        }

        Assert.Contains("longer", parser.Push((byte)'\n')!.Fault);
    }

    [Fact]
    public async Task Columns_become_fields_of_their_kinds()
    {
        var items = await ReadAsync(
            "id,name,n,d,t,quoted,none,nul\n7,Ada,36,1.5,true,\"36\",,\\N\n",
            new CsvOptions { Id = "id", Type = "person", Null = "\\N" });

        var put = Assert.IsType<Mutation.PutNode>(Assert.Single(items).Mutations[0]);
        Assert.Equal(("7", "person"), (put.Id, put.Type));
        Assert.Equal(
            [
                new("name", Value.From("Ada")), new("n", Value.From(36)), new("d", Value.From(1.5)),
                new("t", Value.From(true)), new("quoted", Value.From("36")),
            ],
            put.Fields);
    }

    [Fact]
    public async Task A_column_can_be_an_edge_and_ids_can_be_patterns()
    {
        var items = await ReadAsync(
            "mail,boss,team\na@x,b@x,1\nb@x,,1\n",
            new CsvOptions { Id = "p/{mail}", Edges = [("p/{boss}", "reports-to"), ("team", "in")] });

        Assert.Equal(
            [("p/a@x", "reports-to", "p/b@x"), ("p/a@x", "in", "1"), ("p/b@x", "in", "1")],
            items.SelectMany(static item => item.Mutations).OfType<Mutation.LinkEdge>()
                .Select(static link => (link.Edge.From, link.Edge.Relation, link.Edge.To)));
    }

    [Fact]
    public async Task Rows_can_be_edges_with_a_key()
    {
        var items = await ReadAsync(
            "2B,1,2,CR2\n2B,\\N,2,CR2\n",
            new CsvOptions
            {
                NoHeader = true,
                Columns = ["airline", "from", "to", "plane"],
                Null = "\\N",
                From = "from",
                To = "to",
                Relation = "r",
                Key = "airline",
            });

        var link = Assert.IsType<Mutation.LinkEdge>(items[0].Mutations[0]);
        Assert.Equal(new("1", "r", "2", "2B"), link.Edge);
        Assert.Equal([new("plane", Value.From("CR2"))], link.Fields);
        Assert.Contains("'from' has no value", items[1].Fault);
    }

    [Fact]
    public async Task Several_columns_can_make_the_id()
    {
        var items = await ReadAsync("a,b\nx,y\n", new CsvOptions { Id = "a+b" });

        Assert.Equal("x/y", Assert.IsType<Mutation.PutNode>(items[0].Mutations[0]).Id);
    }

    [Fact]
    public async Task A_row_of_another_length_is_bad()
    {
        var items = await ReadAsync("a,b\n1,2,3\n1,2\n", new CsvOptions { Id = "a" });

        Assert.Equal((2, true), (items[0].Line, items[0].Fault is not null));
        Assert.Null(items[1].Fault);
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_a_usage_error() =>
        await Assert.ThrowsAsync<UsageException>(() => ReadAsync("a,b\n1,2\n", new CsvOptions { Id = "c" }));

    private static List<CsvRow> Rows(string text, CsvDialect? dialect = null) => Rows(Encoding.UTF8.GetBytes(text), dialect);

    private static List<CsvRow> Rows(byte[] bytes, CsvDialect? dialect = null)
    {
        var parser = new CsvParser(dialect ?? new CsvDialect());
        List<CsvRow?> rows = [.. bytes.Select(parser.Push)];
        return [.. rows.Append(parser.Finish()).OfType<CsvRow>()];
    }

    private static async Task<List<ImportItem>> ReadAsync(string text, CsvOptions options)
    {
        var items = new List<ImportItem>();
        await foreach (var item in CsvImport.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), options, default))
        {
            items.Add(item);
        }

        return items;
    }
}
