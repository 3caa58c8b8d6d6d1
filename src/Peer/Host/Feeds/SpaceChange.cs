using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Host.Feeds;

/// <summary>One committed transaction in a space's feed of changes.</summary>
/// <param name="Position">Behind it: reading from there gives the changes after it.</param>
/// <param name="Change">The change: its dot, its stamp, its operations.</param>
/// <param name="Device">The key of the device that made it.</param>
/// <param name="Author">The display name in its log; any name, not unique.</param>
/// <param name="Origin">Whether this device made it.</param>
public sealed record SpaceChange(ChangePosition Position, Change Change, AuthorKey Device, string Author, ChangeOrigin Origin)
{
    /// <summary>Its name everywhere.</summary>
    public Dot Dot => Change.Dot;

    /// <summary>When it was made, by its author's clock.</summary>
    public HybridTimestamp Time => Change.Time;

    /// <summary>The nodes and edges, and the space, that its operations are on; each once, in order of the first.</summary>
    /// <remarks>
    /// What shows may change elsewhere too: with a node its edges come and go, with a move what is below it. And an operation
    /// that lost against a concurrent one changes nothing that shows.
    /// </remarks>
    public IReadOnlyList<Target> Touched { get; } = [.. Change.Groups.Select(static group => group.Target).Distinct()];
}
