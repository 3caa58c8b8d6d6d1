using Replica.Peer.Host;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Daemon;

/// <summary>The last line of a daemon's screen while it receives much: how far each space has come. Nothing elsewhere.</summary>
/// <param name="home">The home.</param>
/// <param name="terminal">The screen.</param>
/// <param name="time">How often it looks.</param>
internal sealed class SyncFoot(ReplicaHome home, Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <summary>Since when each space receives; what is over at the next look was not worth a line.</summary>
    private readonly Dictionary<string, (long Since, bool IsShown)> _receiving = [];

    /// <summary>Shows it until the daemon stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!terminal.CanDraw)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(s_look, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                terminal.Foot(string.Join("; ", home.SpaceNames.Select(Look).Where(static text => text.Length > 0)));
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }

        terminal.Foot("");
    }

    private string Look(string name)
    {
        var isKnown = _receiving.TryGetValue(name, out var before);
        var progress = home.GetSpace(name).GetSyncProgress();
        if (progress is { IsComplete: false })
        {
            _receiving[name] = isKnown ? before with { IsShown = true } : (time.GetTimestamp(), false);
            return isKnown ? $"{name}: {ProgressText.Of(progress.Received, progress.Announced, progress.PerSecond, progress.Left)}" : "";
        }

        _ = _receiving.Remove(name);
        if (before.IsShown && progress is not null)
        {
            var took = ProgressText.Span(time.GetElapsedTime(before.Since));
            terminal.ErrorLine(SafeText.Of($"{name}: all {progress.Announced} changes are here, after {took}") + "\n");
        }

        return "";
    }
}
