using System.CommandLine;
using Replica.PeerCli.Import;

namespace Replica.PeerCli.Commands;

/// <summary>The options of <c>import</c> that say what a CSV file means.</summary>
internal sealed class CsvCommandOptions
{
    private readonly Option<string?> _type = Globals.Text("--type", "T", "CSV: the type of the nodes");
    private readonly Option<string?> _id = Globals.Text("--id", "COLUMN", "CSV: what makes the node's id: COLUMN, A+B, or 'airport/{COLUMN}'");
    private readonly Option<string[]> _edges = new("--edge")
    {
        Description = "CSV: a column that holds another node's id, and the relation to it; may be given again",
        HelpName = "COLUMN=RELATION",
    };

    private readonly Option<string?> _from = Globals.Text("--from", "COLUMN", "CSV: rows are edges; what makes the id they leave");
    private readonly Option<string?> _relation = Globals.Text("--relation", "R", "CSV: the relation of rows that are edges");
    private readonly Option<string?> _to = Globals.Text("--to", "COLUMN", "CSV: what makes the id they enter");
    private readonly Option<string?> _key = Globals.Text("--key", "COLUMN", "CSV: what tells parallel edges apart");
    private readonly Option<string?> _columns = Globals.Text("--columns", "A,B,C", "CSV: the columns' names instead of the header's; _ leaves one out");
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "CSV: the first row is data already" };
    private readonly Option<string?> _null = Globals.Text("--null", "TEXT", "CSV: the unquoted cell that means no value, such as '\\N'");
    private readonly Option<string?> _text = Globals.Text("--text", "A,B", "CSV: columns that stay text even if they look like numbers; * for all");
    private readonly Option<string?> _delimiter = Globals.Text("--delimiter", "CHAR", "CSV: what stands between cells; a comma, in .tsv a tab");
    private readonly Option<string?> _escape = Globals.Text("--escape", "CHAR", "CSV: what escapes a character inside quotes, such as '\\'");

    /// <summary>The option that says what the files hold.</summary>
    public Option<string?> Format { get; } = Globals.Text("--format", "jsonl|csv", "What the files hold, if their names don't say");

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        _ = Format.AcceptOnlyFromAmong("jsonl", "csv");
        Option[] all = [Format, _type, _id, _edges, _from, _relation, _to, _key, _columns, _noHeader, _null, _text, _delimiter, _escape];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them, and checks that they make sense for the files.</summary>
    /// <exception cref="UsageException">They don't.</exception>
    public CsvOptions Read(ParseResult parse, IReadOnlyList<string> files)
    {
        var options = new CsvOptions
        {
            Type = parse.GetValue(_type),
            Id = parse.GetValue(_id),
            Edges = [.. (parse.GetValue(_edges) ?? []).Select(ReadEdge)],
            From = parse.GetValue(_from),
            Relation = parse.GetValue(_relation),
            To = parse.GetValue(_to),
            Key = parse.GetValue(_key),
            Columns = parse.GetValue(_columns)?.Split(','),
            NoHeader = parse.GetValue(_noHeader),
            Null = parse.GetValue(_null),
            Text = parse.GetValue(_text)?.Split(',') ?? [],
            Dialect = new CsvDialect
            {
                Delimiter = Character(parse.GetValue(_delimiter), "--delimiter")
                    ?? (files.Any(static file => file.Contains(".tsv", StringComparison.OrdinalIgnoreCase)) ? (byte)'\t' : (byte)','),
                Escape = Character(parse.GetValue(_escape), "--escape"),
            },
        };
        if (files.Any(file => ImportFile.IsCsvName(file, parse.GetValue(Format))))
        {
            Check(options);
        }

        return options;
    }

    private static void Check(CsvOptions options)
    {
        var asEdges = options.From is not null || options.To is not null || options.Relation is not null || options.Key is not null;
        if (options.Id is null && !asEdges)
        {
            throw new UsageException("CSV needs --id COLUMN for rows that are nodes, or --from, --relation and --to for rows that are edges.");
        }

        if (asEdges && (options.Id is not null || options.Type is not null || options.Edges.Count > 0))
        {
            throw new UsageException("--id, --type and --edge are for rows that are nodes; --from, --relation, --to and --key for rows that are edges.");
        }

        if (asEdges && (options.From is null || options.To is null || options.Relation is null))
        {
            throw new UsageException("Rows that are edges need all of --from COLUMN, --relation R and --to COLUMN.");
        }

        if (options is { NoHeader: true, Columns: null })
        {
            throw new UsageException("Without a header the columns need names: give --columns A,B,C.");
        }
    }

    private static (string Column, string Relation) ReadEdge(string text)
    {
        var sign = text.LastIndexOf('=');
        return sign > 0 && sign < text.Length - 1
            ? (text[..sign], text[(sign + 1)..])
            : throw new UsageException($"--edge '{text}' is not COLUMN=RELATION, such as manager=reports-to.");
    }

    private static byte? Character(string? text, string option) => text switch
    {
        null => null,
        "\\t" or "tab" => (byte)'\t',
        [var only and not ('"' or '\n' or '\r')] when char.IsAscii(only) => (byte)only,
        _ => throw new UsageException($"{option}: '{text}' is not one plain character."),
    };
}
