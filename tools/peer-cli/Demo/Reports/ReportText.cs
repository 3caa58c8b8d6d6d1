using Replica.PeerCli.Output;

namespace Replica.PeerCli.Demo.Reports;

/// <summary>The report as people read it.</summary>
internal static class ReportText
{
    /// <summary>Its lines. All that came from the data is made harmless for a terminal.</summary>
    public static IEnumerable<string> Lines(DemoReport report) =>
        Result(report).Concat(Contests(report)).Concat(Crash(report)).Concat(Numbers(report)).Select(SafeText.Of);

    private static IEnumerable<string> Result(DemoReport report)
    {
        yield return "";
        yield return report.IsEqual
            ? $"EQUAL: all {report.Peers.Count} peers show the same graph, byte for byte"
            : "DIFFERENT: the peers do not show the same graph";
        foreach (var peer in report.Peers)
        {
            yield return $"  {peer.Name}  sha256 {peer.State.Sha256}  {peer.State.Bytes:N0} bytes";
        }

        var first = report.Peers[0];
        yield return $"  {first.Nodes:N0} nodes, {first.Edges:N0} edges, {first.Changes:N0} changes in {report.Logs} logs";
    }

    private static IEnumerable<string> Contests(DemoReport report)
    {
        yield return "";
        yield return "IN CONFLICT, all at the same time with the connections cut";
        foreach (var (place, contest) in report.Contests.Index())
        {
            yield return $"  {place + 1}. {contest.Contest.Title}";
            yield return "     " + string.Join("; ", contest.Contest.Edits.Select(static edit => $"{edit.PeerName} {edit.Says}"));
            yield return $"     now: {contest.Ruling.Shows}";
            yield return $"     won: {contest.Ruling.Winner}" + (contest.Ruling.Loser.Length > 0 ? $"; lost: {contest.Ruling.Loser}" : "; nothing was lost");
            yield return $"     {(contest.Ruling.Holds ? "because" : "AGAINST THE RULE that")} {contest.Ruling.Rule}";
        }
    }

    private static IEnumerable<string> Crash(DemoReport report)
    {
        var crash = report.Crash;
        yield return "";
        yield return $"KILLED: {crash.Peer} by SIGKILL in the middle of a stream of writes, then started again";
        yield return $"  {crash.Found:N0} of {crash.Acknowledged:N0} acknowledged writes are there"
            + (crash.Found == crash.Acknowledged ? "" : ": THE OTHERS ARE LOST");
        yield return $"  {crash.InFlightFound:N0} of {crash.InFlight:N0} that nobody had acknowledged are there as well";
    }

    private static IEnumerable<string> Numbers(DemoReport report)
    {
        yield return "";
        yield return "NUMBERS";
        var skipped = report.SkippedRecords > 0 ? $" ({report.SkippedRecords:N0} outside the format's limits left out)" : "";
        yield return $"  loaded   {report.Records:N0} nodes and edges{skipped}: {report.Source}";
        yield return "  times    " + string.Join(", ", report.Phases.Select(static phase => $"{phase.Name} {phase.Elapsed.TotalSeconds:N1} s"))
            + $"; all {report.Elapsed.TotalSeconds:N1} s";
        yield return $"  wire     {report.LoadWireBytes:N0} bytes to bring both others level, {report.WireBytesPerRecord:N0} for each node or edge; "
            + $"{report.HealWireBytes:N0} after the reconnection";
        yield return "  memory   " + string.Join(", ", report.Peers.Select(static peer => $"{peer.Name} {Megabytes(peer.MemoryBytesMax)}")) + " at most";
        yield return "  disk     " + string.Join(", ", report.Peers.Select(static peer => $"{peer.Name} {Megabytes(peer.StoreBytes)}"));
        if (report.KeptIn is not null)
        {
            yield return $"  homes    kept in {report.KeptIn}; look around with: replica --dir {report.Peers[0].Home} ls --limit 20";
        }
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1} MB";
}
