using System.Diagnostics;

namespace Replica.PeerCli.Demo.Screen;

/// <summary>Lines for a pipe or a log: one for each step, and one a second at most for how far the peers are.</summary>
/// <param name="output">Where they go.</param>
internal sealed class LineScreen(TextWriter output) : IDemoScreen
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _last = TimeSpan.Zero;
    private string _shown = "";

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Begin(string text) => Write(text);

    /// <inheritdoc/>
    public void Show(IReadOnlyList<PeerRow> peers)
    {
        if (_clock.Elapsed - _last < s_pause)
        {
            return;
        }

        var text = "  " + string.Join("  |  ", peers.Where(static peer => peer.ProcessId > 0).Select(static peer =>
            $"{peer.Name}: {peer.Nodes:N0} nodes, {peer.Edges:N0} edges" + (peer.RecordsPerSecond >= 1 ? $", {peer.RecordsPerSecond:N0}/s" : "")));
        if (text != _shown)
        {
            (_last, _shown) = (_clock.Elapsed, text);
            Write(text);
        }
    }

    private void Write(string text)
    {
        output.Write($"{_clock.Elapsed.TotalSeconds,5:N1} s  {text}\n");
        output.Flush();
    }
}
