namespace Replica.Peer.Host;

/// <summary>How far a space has come with what a peer said that it has, at one moment.</summary>
/// <param name="Received">How many of these changes are here, on disk.</param>
/// <param name="Announced">How many there are. It grows while the peer gets more.</param>
/// <param name="PerSecond">How many changes a second came from peers in the last ten seconds.</param>
/// <param name="Left">How long the rest takes at this rate; zero if all is here, null while nothing comes, so that nobody can tell.</param>
public sealed record SyncProgress(long Received, long Announced, double PerSecond, TimeSpan? Left)
{
    /// <summary>A peer may announce any number: beyond this no time is told.</summary>
    private static readonly TimeSpan LeftMax = TimeSpan.FromDays(365);

    /// <summary>Whether all that was announced is here.</summary>
    public bool IsComplete => Received >= Announced;

    internal static SyncProgress Of(long announced, long lacking, double perSecond)
    {
        var seconds = lacking == 0 ? 0 : perSecond > 0 ? lacking / perSecond : double.PositiveInfinity;
        return new(announced - lacking, announced, perSecond, seconds <= LeftMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}
