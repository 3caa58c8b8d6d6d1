namespace Replica.PeerCli.Demo.Reports;

/// <summary>What the demo found.</summary>
/// <param name="Source">The graph that was loaded.</param>
/// <param name="Records">Nodes and edges that were loaded.</param>
/// <param name="SkippedRecords">Nodes and edges outside a limit of the format, which were passed over.</param>
/// <param name="Logs">How many logs the space has.</param>
/// <param name="Peers">The peers at the end.</param>
/// <param name="Contests">The contests.</param>
/// <param name="Crash">The kill.</param>
/// <param name="Phases">How long each part took.</param>
/// <param name="LoadWireBytes">Bytes between the peers until all had the graph.</param>
/// <param name="HealWireBytes">Bytes between the peers from the reconnection to the end.</param>
/// <param name="Elapsed">How long all of it took.</param>
/// <param name="KeptIn">Where the homes are kept; null if they are not.</param>
internal sealed record DemoReport(
    string Source, long Records, long SkippedRecords, int Logs, IReadOnlyList<PeerReport> Peers, IReadOnlyList<ContestReport> Contests,
    CrashReport Crash, IReadOnlyList<PhaseTime> Phases, long LoadWireBytes, long HealWireBytes, TimeSpan Elapsed, string? KeptIn)
{
    /// <summary>Bytes between the peers for each node or edge that one of the two others got.</summary>
    public double WireBytesPerRecord => Records == 0 ? 0 : LoadWireBytes / (double)(Records * (Peers.Count - 1));

    /// <summary>Whether all canonical states are the same.</summary>
    public bool IsEqual => Peers.All(peer => peer.State == Peers[0].State);

    /// <summary>What went against the promises; null if nothing did.</summary>
    public string? Fault => !IsEqual
        ? "The canonical states of the three peers differ: " + string.Join(", ", Peers.Select(static peer => $"{peer.Name} {peer.State.Sha256}")) + "."
        : Crash.Found < Crash.Acknowledged
            ? $"{Crash.Acknowledged - Crash.Found} of {Crash.Acknowledged} acknowledged writes were lost when {Crash.Peer} was killed."
            : Contests.FirstOrDefault(static contest => !contest.Ruling.Holds) is { } broken
                ? $"The peers agree, but not on what the merge rules promise: {broken.Contest.Title}: {broken.Ruling.Shows}."
                : null;
}
