using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Replica.PeerCli.Output;

/// <summary>The bar that shows a long work on a terminal: what, how far, how fast, how long still. Nothing elsewhere.</summary>
internal static class WorkProgress
{
    /// <summary>A rate in bytes.</summary>
    public static string Bytes(double perSecond) => $"{perSecond / 1_000_000:N1} MB/s";

    /// <summary>Runs the work under a bar, if the error stream is a terminal.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="rate">The words for a number of units a second.</param>
    /// <param name="work">The work; it reports phase, done and total.</param>
    public static async Task RunAsync(Terminal terminal, Func<double, string> rate, Func<Action<string, long, long>, Task> work)
    {
        if (!terminal.CanDraw)
        {
            await work(static (_, _, _) => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        var clock = Stopwatch.StartNew();
        var now = 0L;
        await console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RateColumn(() => rate(now / Math.Max(0.001, clock.Elapsed.TotalSeconds))), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("working");
                await work((phase, done, total) =>
                {
                    if (bar.Description != phase)
                    {
                        bar.Description = phase;
                        clock.Restart();
                    }

                    now = done;
                    bar.MaxValue = Math.Max(1, total);
                    bar.Value = done;
                });
            });
    }

    private sealed class RateColumn(Func<string> text) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text());
    }
}
