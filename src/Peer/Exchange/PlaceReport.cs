using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>What became of places that a peer spoke of.</summary>
/// <param name="Found">One for each, in order.</param>
/// <param name="Traces">
/// For the log that was to be traced, and each with a place that is on no chain here though a chain reaches as far: places
/// on the chains here, newest first, the last the empty log. One list for each branch, at most <see cref="TracesMax"/>.
/// </param>
public sealed record PlaceReport(
    IReadOnlyList<FoundPlace> Found, IReadOnlyDictionary<LogId, IReadOnlyList<IReadOnlyList<Position>>> Traces)
{
    /// <summary>How many branches of one log are traced; runs that stand on another one are found by what these share.</summary>
    public const int TracesMax = 16;

    /// <summary>How many places a trace has at most.</summary>
    public const int PlacesMax = 64;
}
