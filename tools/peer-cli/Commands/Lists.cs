using System.CommandLine;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary>The way all listing commands go.</summary>
internal static class Lists
{
    /// <summary>Shows an answer as a table on a screen, and elsewhere line by line.</summary>
    /// <param name="globals">Where to.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="show">A line of the answer as plain lines.</param>
    /// <param name="headings">The table's headings.</param>
    /// <param name="cells">A line of the answer as a row.</param>
    /// <param name="cancellationToken">Stops half-way.</param>
    public static async Task ShowTableAsync(
        Globals globals, ParseResult parse, string path, Func<string, IEnumerable<string>> show, string[] headings, Func<string, Cell[]> cells,
        CancellationToken cancellationToken)
    {
        if (globals.IsJson(parse) || !globals.Terminal.OutputIsScreen)
        {
            await ShowAsync(globals, parse, path, show, cancellationToken);
            return;
        }

        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var table = new ScreenTable(globals.Terminal, headings);
        await foreach (var line in home.Client.LinesAsync(path, cancellationToken))
        {
            table.Add(cells(line));
        }

        table.End();
        await globals.Terminal.FlushAsync();
    }

    /// <summary>Shows an answer line by line, as it comes.</summary>
    public static async Task ShowAsync(
        Globals globals, ParseResult parse, string path, Func<string, IEnumerable<string>> show, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var json = globals.IsJson(parse);
        await foreach (var line in home.Client.LinesAsync(path, cancellationToken))
        {
            if (json)
            {
                globals.Terminal.JsonLine(line);
                continue;
            }

            foreach (var text in show(line))
            {
                globals.Terminal.Line(text);
            }
        }

        await globals.Terminal.FlushAsync();
    }
}
