using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary>The way all listing commands go.</summary>
internal static class Lists
{
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
