using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Input;
using Replica.Web.Json;

namespace Replica.PeerCli.Import;

/// <summary>Makes nodes and edges of the rows of one CSV file. A column used for an id, an end or a key is no field as well.</summary>
internal sealed class CsvMapping
{
    private const string LeftOut = "_";

    private readonly string[] _columns;
    private readonly CsvOptions _options;
    private readonly bool[] _isField;
    private readonly bool[] _isText;
    private readonly ColumnText? _id;
    private readonly List<(ColumnText To, string Relation)> _edges;
    private readonly ColumnText? _from;
    private readonly ColumnText? _to;
    private readonly ColumnText? _key;

    /// <summary>Finds the columns that the options name.</summary>
    /// <exception cref="UsageException">One is not there, or a name stands twice.</exception>
    public CsvMapping(CsvOptions options, IReadOnlyList<string> columns)
    {
        _options = options;
        _columns = [.. columns];
        if (_columns.Where(static name => name != LeftOut).GroupBy(static name => name).FirstOrDefault(static g => g.Count() > 1) is { } twice)
        {
            throw new UsageException($"The column '{twice.Key}' stands twice: name the columns with --columns.");
        }

        _id = Resolve(options.Id, "--id");
        _from = Resolve(options.From, "--from");
        _to = Resolve(options.To, "--to");
        _key = Resolve(options.Key, "--key");
        _edges = [.. options.Edges.Select(edge => (ColumnText.Resolve(edge.Column, "--edge", _columns), edge.Relation))];
        _isField = [.. _columns.Select(static name => name != LeftOut)];
        foreach (var used in _edges.Select(static edge => edge.To).Append(_id).Append(_from).Append(_to).Append(_key).OfType<ColumnText>())
        {
            foreach (var column in used.Columns)
            {
                _isField[column] = false;
            }
        }

        _isText = new bool[_columns.Length];
        foreach (var name in options.Text)
        {
            if (name == "*")
            {
                Array.Fill(_isText, true);
            }
            else
            {
                _isText[ColumnText.Resolve(name, "--text", _columns).Columns.First()] = true;
            }
        }
    }

    /// <summary>What one row says.</summary>
    public ImportItem Read(CsvRow row)
    {
        if (row.Fault is not null)
        {
            return ImportItem.Bad(row.Line, row.Fault);
        }

        if (row.Cells.Count != _columns.Length)
        {
            return ImportItem.Bad(row.Line, $"The row has {row.Cells.Count} cells where {_columns.Length} columns are named.");
        }

        try
        {
            var mutations = _id is null ? ReadEdge(row) : ReadNode(row, _id);
            foreach (var mutation in mutations)
            {
                MutationLimits.Check(mutation);
            }

            return ImportItem.Good(row.Line, mutations);
        }
        catch (EncodingException fault)
        {
            return ImportItem.Bad(row.Line, fault.Message);
        }
    }

    private List<Mutation> ReadNode(CsvRow row, ColumnText idText)
    {
        var values = Values(row);
        var id = Due(idText, values);
        List<Mutation> mutations = [new Mutation.PutNode(id, _options.Type, Fields(row))];
        foreach (var (to, relation) in _edges)
        {
            if (to.Of(values, out _) is { } other)
            {
                mutations.Add(new Mutation.LinkEdge(new Target.Edge(id, relation, other), [], EndpointsRequired: false));
            }
        }

        return mutations;
    }

    private List<Mutation> ReadEdge(CsvRow row)
    {
        var values = Values(row);
        var edge = new Target.Edge(Due(_from!, values), _options.Relation!, Due(_to!, values), _key?.Of(values, out _) ?? "");
        return [new Mutation.LinkEdge(edge, Fields(row), EndpointsRequired: false)];
    }

    private static string Due(ColumnText text, string?[] values) => text.Of(values, out var missing)
        ?? throw new EncodingException($"The column '{missing}' has no value here, and an id is made of it.");

    private string?[] Values(CsvRow row) => [.. row.Cells.Select(cell => IsAbsent(cell) ? null : cell.Text)];

    private bool IsAbsent(CsvCell cell) => !cell.Quoted && (cell.Text.Length == 0 || cell.Text == _options.Null);

    private List<KeyValuePair<string, Value>> Fields(CsvRow row)
    {
        var fields = new List<KeyValuePair<string, Value>>();
        for (var i = 0; i < _columns.Length; i++)
        {
            var cell = row.Cells[i];
            if (_isField[i] && !IsAbsent(cell))
            {
                fields.Add(new(_columns[i], cell.Quoted || _isText[i] ? Value.From(cell.Text) : CellValue.Read(cell.Text)));
            }
        }

        return fields;
    }

    private ColumnText? Resolve(string? specification, string option) =>
        specification is null ? null : ColumnText.Resolve(specification, option, _columns);
}
