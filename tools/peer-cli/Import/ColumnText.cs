using System.Text;

namespace Replica.PeerCli.Import;

/// <summary>A text made of columns: <c>NAME</c>, <c>A+B</c> (joined by a slash), or a pattern such as <c>airport/{NAME}</c>.</summary>
internal sealed class ColumnText
{
    private readonly List<(string Literal, int Column)> _parts;
    private readonly string _tail;
    private readonly string[] _names;

    private ColumnText(List<(string Literal, int Column)> parts, string tail, string[] names)
    {
        _parts = parts;
        _tail = tail;
        _names = names;
    }

    /// <summary>The columns it takes, by their places.</summary>
    public IEnumerable<int> Columns => _parts.Select(static part => part.Column);

    /// <summary>Finds the columns that a specification names.</summary>
    /// <exception cref="UsageException">It names one that the file does not have.</exception>
    public static ColumnText Resolve(string specification, string option, string[] columns)
    {
        if (Array.IndexOf(columns, specification) is var whole and >= 0)
        {
            return new([("", whole)], "", columns);
        }

        var parts = new List<(string, int)>();
        if (!specification.Contains('{'))
        {
            foreach (var name in specification.Split('+'))
            {
                parts.Add((parts.Count == 0 ? "" : "/", Find(name, option, columns)));
            }

            return new(parts, "", columns);
        }

        var rest = specification;
        while (rest.IndexOf('{') is var open and >= 0)
        {
            var close = rest.IndexOf('}', open);
            if (close < 0)
            {
                throw new UsageException($"{option} '{specification}': a brace is never closed; write it like 'airport/{{COLUMN}}'.");
            }

            parts.Add((rest[..open], Find(rest[(open + 1)..close], option, columns)));
            rest = rest[(close + 1)..];
        }

        return new(parts, rest, columns);
    }

    /// <summary>The text for one row.</summary>
    /// <returns>Null when a column has no value there; <paramref name="missing"/> is its name then.</returns>
    public string? Of(IReadOnlyList<string?> values, out string missing)
    {
        missing = "";
        if (_parts is [("", var only)] && _tail.Length == 0)
        {
            missing = _names[only];
            return values[only];
        }

        var text = new StringBuilder();
        foreach (var (literal, column) in _parts)
        {
            if (values[column] is not { } value)
            {
                missing = _names[column];
                return null;
            }

            _ = text.Append(literal).Append(value);
        }

        return text.Append(_tail).ToString();
    }

    private static int Find(string name, string option, string[] columns) =>
        Array.IndexOf(columns, name) is var column and >= 0
            ? column
            : throw new UsageException($"{option}: there is no column '{name}'; the file has {string.Join(", ", columns)}.");
}
