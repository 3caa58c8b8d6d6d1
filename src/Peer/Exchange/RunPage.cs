using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>A page of durable runs in order of application.</summary>
/// <param name="Runs">The runs; none if nothing was lacked in the stretch that was looked through.</param>
/// <param name="LastArrival">The cursor for the next page.</param>
/// <param name="More">Whether durable runs lie behind the cursor.</param>
public sealed record RunPage(IReadOnlyList<PagedRun> Runs, long LastArrival, bool More)
{
    /// <summary>Where runs that the peer lacks end and were left out, because their bytes on this disk do not hash to their head.</summary>
    public IReadOnlyList<Dot> Damaged { get; init; } = [];
}
