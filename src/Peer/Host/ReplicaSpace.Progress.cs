using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Replica.Peer.Host;

/// <content>How far the space is behind its peers.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>How often a watch looks at most: a look is a walk over all logs.</summary>
    private static readonly TimeSpan ProgressLook = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How far this copy has come with what peers have: that of the connected peer of whom most is missing here. Null while no
    /// peer is connected that told what it has.
    /// </summary>
    public SyncProgress? GetSyncProgress() => _space.Peers.Furthest() is { } furthest
        ? SyncProgress.Of(furthest.TheyHave, furthest.WeLack, _space.Pace.PerSecond(_home.Time))
        : null;

    /// <summary>
    /// How far this copy has come with what peers have, now if a peer told and then as it changes, four times a second at most. One
    /// with <see cref="SyncProgress.IsComplete"/> says that all is here; it goes on behind it, and ends when the space is closed.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SyncProgress> WatchSyncProgressAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var end = _space.Store.Watch(() => _ = _space.Store.AreWatchesOver && look.Writer.TryWrite(true));
        await using var timer = _home.Time.CreateTimer(_ => look.Writer.TryWrite(true), null, ProgressLook, ProgressLook);
        SyncProgress? told = null;
        do
        {
            // Once all is here, the rate alone is no news.
            if (GetSyncProgress() is { } now && now != told && !(now.IsComplete && told is { IsComplete: true } && now.Announced == told.Announced))
            {
                told = now;
                yield return now;
            }
        }
        while (!_space.Store.AreWatchesOver && await look.Reader.ReadAsync(cancellationToken));
    }
}
