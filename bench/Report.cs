using System.Globalization;
using System.Text.Json;

namespace Replica.Bench;

/// <summary>All that one call of the benchmark found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Runs">Measured runs of each contender.</param>
/// <param name="Results">One for each row.</param>
internal sealed record Report(Machine Machine, int Runs, IReadOnlyList<Result> Results)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The report for programs; times in seconds, sizes in bytes.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>The heading for people: the machine, and how to read the table.</summary>
    public static string Heading(Machine machine, int runs) =>
        $"""
        {machine.Processor}, {machine.Cores} cores; {machine.System}; {machine.Runtime}; files on {machine.FileSystem};
        SQLite {machine.Sqlite}; commit {machine.Commit ?? "unknown"}; {runs} runs each, in turn, after a warm-up.
        Time is the median (shortest to longest); ratio is the median of the pairwise ratios to the first contender.

        """;

    /// <summary>The table of one row, as Markdown.</summary>
    public static string Table(Result result) => string.Join('\n',
    [
        $"## {result.Row}: {result.Title}",
        "",
        "| contender | time | ratio | a second | allocated | peak memory | files |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        .. result.Contenders.Select(contender => Line(result, contender)),
        .. result.Contenders.SelectMany(Notes),
        "",
    ]);

    private static string Line(Result result, ContenderResult contender) => string.Create(CultureInfo.InvariantCulture,
        $"| {contender.Name} | {contender.MedianSeconds:0.000} s ({contender.MinSeconds:0.000} to {contender.MaxSeconds:0.000}) "
        + $"| {contender.MedianRatio:0.00} ({contender.Ratios.Min():0.00} to {contender.Ratios.Max():0.00}) "
        + $"| {result.Units / contender.MedianSeconds:#,0} | {Size(contender.MedianAllocatedBytes)} "
        + $"| {(contender.PeakResidentBytes is { } peak ? Size(peak) : "not known")} | {Size(contender.MedianFileBytes)} |");

    private static IEnumerable<string> Notes(ContenderResult contender) =>
        contender.Runs.Select(static run => run.Note).OfType<string>().Select(note => $"{contender.Name}: {note}");

    private static string Size(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024):#,0.0} MiB");
}
