namespace Replica.PeerCli.Import;

/// <summary>What a CSV file's rows and columns mean.</summary>
internal sealed record CsvOptions
{
    /// <summary>How the file is written.</summary>
    public CsvDialect Dialect { get; init; } = new();

    /// <summary>The type of the nodes; null leaves it unset.</summary>
    public string? Type { get; init; }

    /// <summary>What makes a row's node id; null if rows are edges.</summary>
    public string? Id { get; init; }

    /// <summary>Columns that hold the id of another node, and the relation to it.</summary>
    public IReadOnlyList<(string Column, string Relation)> Edges { get; init; } = [];

    /// <summary>What makes the id of the node an edge leaves; null if rows are nodes.</summary>
    public string? From { get; init; }

    /// <summary>The relation of the edges.</summary>
    public string? Relation { get; init; }

    /// <summary>What makes the id of the node an edge enters.</summary>
    public string? To { get; init; }

    /// <summary>What makes an edge's key; null for the empty key.</summary>
    public string? Key { get; init; }

    /// <summary>The names of the columns, instead of the header's; one named <c>_</c> is left out. Null to take the header's.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether the first row is data already.</summary>
    public bool NoHeader { get; init; }

    /// <summary>The unquoted cell that means no value, beside the empty one.</summary>
    public string? Null { get; init; }

    /// <summary>Columns whose cells stay texts even if they look like numbers; <c>*</c> for all.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];
}
