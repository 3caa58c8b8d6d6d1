using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Replica.PeerCli.Output;

/// <summary>The bar that shows an import on a terminal: how far, how fast, how long still.</summary>
internal static class ImportProgress
{
    /// <summary>Runs the work under a bar.</summary>
    /// <param name="error">The error stream, which is a terminal.</param>
    /// <param name="bytesTotal">How many bytes are to be read.</param>
    /// <param name="work">The work; it reports bytes read and lines written.</param>
    public static async Task RunAsync(TextWriter error, long bytesTotal, Func<Action<long, long>, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        var clock = Stopwatch.StartNew();
        var lines = 0L;
        var rate = new RateColumn(() => lines / Math.Max(0.001, clock.Elapsed.TotalSeconds));
        await console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), rate, new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("import", maxValue: Math.Max(1, bytesTotal));
                await work((bytes, written) =>
                {
                    lines = written;
                    bar.Value = bytes;
                });
            });
    }

    private sealed class RateColumn(Func<double> linesPerSecond) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{linesPerSecond():N0} lines/s");
    }
}
