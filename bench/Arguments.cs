using System.Globalization;

namespace Replica.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Rows">Rows to run, in table order.</param>
/// <param name="Runs">Measured runs of each contender.</param>
/// <param name="JsonPath">Where to write the report for programs; null for nowhere.</param>
/// <param name="Folder">Under which the runs are made.</param>
internal sealed record Arguments(IReadOnlyList<IRow> Rows, int Runs, string? JsonPath, string Folder)
{
    private const int RunsDefault = 5;
    private const int RunsMax = 100;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An option or a row is not known, or a value is outside its range.</exception>
    public static Arguments Parse(IReadOnlyList<string> line, IReadOnlyList<IRow> table)
    {
        var names = new List<string>();
        var parsed = new Arguments([.. table.Where(static row => !row.IsLong)], RunsDefault, null, Path.GetTempPath());
        for (var at = 0; at < line.Count; at++)
        {
            parsed = line[at] switch
            {
                "--runs" => parsed with { Runs = RunCount(Value(line, ref at)) },
                "--json" => parsed with { JsonPath = Value(line, ref at) },
                "--dir" => parsed with { Folder = Path.GetFullPath(Value(line, ref at)) },
                ['-', ..] unknown => throw new FormatException($"{unknown} is not an option: --runs N, --json FILE and --dir FOLDER are."),
                var name => Add(name, parsed),
            };
        }

        var strangers = names.Where(name => !table.Any(row => Is(row, name))).ToArray();
        return strangers.Length > 0
            ? throw new FormatException($"No row {string.Join(", ", strangers)}: there are {string.Join(", ", table.Select(row => row.Name))}.")
            : parsed with { Rows = names.Count == 0 ? parsed.Rows : [.. table.Where(row => names.Exists(name => Is(row, name)))] };

        Arguments Add(string name, Arguments unchanged)
        {
            names.Add(name);
            return unchanged;
        }
    }

    private static bool Is(IRow row, string name) => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase);

    private static string Value(IReadOnlyList<string> line, ref int at) =>
        ++at < line.Count ? line[at] : throw new FormatException($"{line[at - 1]} needs a value.");

    private static int RunCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs is >= 1 and <= RunsMax
            ? runs
            : throw new FormatException($"--runs {text}: a number from 1 to {RunsMax} is allowed.");
}
