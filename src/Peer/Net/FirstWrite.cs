namespace Replica.Peer.Net;

/// <summary>
/// Lets the first write of a process wait a moment for what peers know of this device's own log: a rolled-back disk can't be
/// noticed otherwise, and what comes back in time is not forked.
/// </summary>
internal sealed class FirstWrite
{
    /// <summary>The longest wait.</summary>
    /// <remarks>Longer notices more on slow links; shorter makes the first write quicker where a peer does not answer.</remarks>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    /// <summary>How often it is looked whether a peer is still in reach.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether nothing waits any more.</summary>
    public bool IsKnown => _known.Task.IsCompleted;

    /// <summary>A peer told all its positions, and nothing of them is missing here; or there is nothing to wait for.</summary>
    public void OnKnown() => _known.TrySetResult();

    /// <summary>Waits while a peer is in reach and has not told, at most <see cref="PatienceMax"/> and once in a process.</summary>
    /// <param name="isPeerInReach">Whether a session runs or is being opened.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up; the write is not carried out then.</param>
    public async ValueTask WaitAsync(Func<bool> isPeerInReach, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (!IsKnown && isPeerInReach() && time.GetElapsedTime(begun) < PatienceMax)
        {
            using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = await Task.WhenAny(_known.Task, Task.Delay(Look, time, look.Token));
            await look.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        OnKnown();
    }
}
