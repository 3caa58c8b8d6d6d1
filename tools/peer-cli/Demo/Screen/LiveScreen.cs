using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Replica.PeerCli.Demo.Screen;

/// <summary>A table on a terminal that changes in place, with the steps so far above it.</summary>
/// <param name="output">The terminal.</param>
internal sealed class LiveScreen(TextWriter output) : IDemoScreen
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(TimeSpan At, string Text)> _steps = [];
    private IReadOnlyList<PeerRow> _peers = [];
    private LiveDisplayContext? _display;

    /// <inheritdoc/>
    public async Task RunAsync(Func<Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is null ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        await console.Live(Picture()).StartAsync(async display =>
        {
            _display = display;
            await work();
            Draw();
        });
        await output.FlushAsync();
    }

    /// <inheritdoc/>
    public void Begin(string text)
    {
        _steps.Add((_clock.Elapsed, text));
        Draw();
    }

    /// <inheritdoc/>
    public void Show(IReadOnlyList<PeerRow> peers)
    {
        _peers = peers;
        Draw();
    }

    private void Draw()
    {
        _display?.UpdateTarget(Picture());
        output.Flush();
    }

    private Rows Picture()
    {
        var lines = _steps.Select((step, place) => (IRenderable)new Markup(
            $"[grey]{step.At.TotalSeconds,5:N1} s[/]  {(place == _steps.Count - 1 ? "[bold]" : "[default]")}{Markup.Escape(step.Text)}[/]"));
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn(new TableColumn("peer").NoWrap()).AddColumn(new TableColumn("process").NoWrap());
        foreach (var name in new[] { "nodes", "edges", "changes", "each s", "links", "memory" })
        {
            _ = table.AddColumn(new TableColumn(name).NoWrap().RightAligned());
        }

        foreach (var peer in _peers)
        {
            _ = peer.ProcessId == 0
                ? table.AddRow(peer.Name, "[red]down[/]")
                : table.AddRow(
                    peer.Name, $"{peer.ProcessId}", $"{peer.Nodes:N0}", $"{peer.Edges:N0}", $"{peer.Changes:N0}", $"{peer.RecordsPerSecond:N0}",
                    peer.Connections == 0 ? "[red]0[/]" : $"[green]{peer.Connections}[/]", $"{peer.MemoryBytes / 1e6:N0} MB");
        }

        return new Rows(_peers.Count == 0 ? lines : lines.Append(table));
    }
}
