using System.CommandLine;
using System.Diagnostics;
using Replica.PeerCli.Control;
using Replica.PeerCli.Import;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>import FILE…</c>: reads JSON Lines and CSV, compressed or not.</summary>
internal static class ImportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "JSON Lines (.jsonl, .json, .ndjson) or CSV (.csv, .tsv, .dat); .gz is read directly",
            Arity = ArgumentArity.OneOrMore,
        };
        var batch = Globals.Count("--batch", "Lines in one transaction; 1000 if not given", ImportLimits.BatchLinesMax);
        var skipBad = new Option<bool>("--skip-bad") { Description = "Pass over bad lines and count them, instead of stopping at the first" };
        var csv = new CsvCommandOptions();
        var command = new Command("import", "Read nodes and edges from files") { files, batch, skipBad };
        csv.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var options = csv.Read(parse, parse.GetValue(files)!);
            var opened = new List<ImportFile>();
            try
            {
                // All are opened before anything is written: a name that is wrong is the commonest fault.
                foreach (var file in parse.GetValue(files)!)
                {
                    opened.Add(ImportFile.Open(file, parse.GetValue(csv.Format)));
                }

                await using var home = await globals.OpenAsync(parse, cancellationToken);
                await RunAsync(globals, parse, home, opened, options, parse.GetValue(batch), parse.GetValue(skipBad), cancellationToken);
            }
            finally
            {
                opened.ForEach(static file => file.Dispose());
            }
        });
        return command;
    }

    private static async Task RunAsync(
        Globals globals, ParseResult parse, HomeConnection home, List<ImportFile> files, CsvOptions options, int? batch, bool skipBad,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var terminal = globals.Terminal;
        var path = Paths.Of(globals.SpaceOf(parse), "transactions");
        var file = files[0];
        Action<long, long> show = static (_, _) => { };
        Importer importer = null!;
        importer = new Importer(
            // A transaction under way is not cut off: what was written is known when the import is stopped.
            (body, _) => home.Client.PostAsync(path, body, CancellationToken.None),
            batch ?? ImportLimits.BatchLines,
            skipBad ? item => RemarkOn(terminal, file.Name, item, importer.Tally.Skipped) : null,
            () => show(files.Sum(static one => one.BytesDone), importer.Tally.Lines));

        async Task WorkAsync(Action<long, long> progress)
        {
            show = progress;
            foreach (var next in files)
            {
                file = next;
                var items = next.IsCsv
                    ? CsvImport.ReadAsync(next.Content, options, cancellationToken)
                    : JsonLines.ReadAsync(next.Content, cancellationToken);
                await importer.RunAsync(next.Name, items, cancellationToken);
            }
        }

        await (terminal.CanDraw
            ? ImportProgress.RunAsync(terminal.Error, files.Sum(static one => one.BytesTotal), WorkAsync)
            : WorkAsync(show));
        Report(globals, parse, importer.Tally, clock.Elapsed);
    }

    private static void Report(Globals globals, ParseResult parse, ImportTally tally, TimeSpan elapsed)
    {
        globals.Terminal.Line(globals.IsJson(parse)
            ? $"{{\"lines\":{tally.Lines},\"nodes\":{tally.Nodes},\"edges\":{tally.Edges},\"skipped\":{tally.Skipped},"
                + $"\"transactions\":{tally.Transactions},\"seconds\":{elapsed.TotalSeconds:F3}}}"
            : $"{tally.Lines} lines: {tally.Nodes} nodes, {tally.Edges} edges in {tally.Transactions} transactions"
                + (tally.Skipped > 0 ? $", {tally.Skipped} bad lines passed over" : "") + $"; {elapsed.TotalSeconds:F1} s");
    }

    private static void RemarkOn(Terminal terminal, string file, ImportItem item, long count)
    {
        if (count <= ImportLimits.BadLinesNamed)
        {
            terminal.Remark($"{file} line {item.Line}: {item.Fault} Passed over.");
        }

        if (count == ImportLimits.BadLinesNamed)
        {
            terminal.Remark("further bad lines are only counted");
        }
    }
}
