using System.Text.Json.Nodes;

namespace Replica.PeerCli.Demo.Reports;

/// <summary>The report as one JSON object.</summary>
internal static class ReportJson
{
    /// <summary>Its text, in one line.</summary>
    public static string Of(DemoReport report) => new JsonObject
    {
        ["equal"] = report.IsEqual,
        ["fault"] = report.Fault,
        ["source"] = report.Source,
        ["records"] = report.Records,
        ["skippedRecords"] = report.SkippedRecords,
        ["logs"] = report.Logs,
        ["seconds"] = Seconds(report.Elapsed),
        ["phases"] = new JsonArray([.. report.Phases.Select(static phase =>
            (JsonNode)new JsonObject { ["name"] = phase.Name, ["seconds"] = Seconds(phase.Elapsed) })]),
        ["wire"] = new JsonObject
        {
            ["loadBytes"] = report.LoadWireBytes,
            ["loadBytesPerRecord"] = Math.Round(report.WireBytesPerRecord, 1),
            ["healBytes"] = report.HealWireBytes,
        },
        ["peers"] = new JsonArray([.. report.Peers.Select(static peer => (JsonNode)Peer(peer))]),
        ["crash"] = new JsonObject
        {
            ["peer"] = report.Crash.Peer,
            ["acknowledged"] = report.Crash.Acknowledged,
            ["acknowledgedFound"] = report.Crash.Found,
            ["inFlight"] = report.Crash.InFlight,
            ["inFlightFound"] = report.Crash.InFlightFound,
        },
        ["conflicts"] = new JsonArray([.. report.Contests.Select(static contest => (JsonNode)Contest(contest))]),
        ["keptIn"] = report.KeptIn,
    }.ToJsonString();

    private static JsonObject Peer(PeerReport peer) => new()
    {
        ["name"] = peer.Name,
        ["sha256"] = peer.State.Sha256,
        ["stateBytes"] = peer.State.Bytes,
        ["nodes"] = peer.Nodes,
        ["edges"] = peer.Edges,
        ["changes"] = peer.Changes,
        ["sentBytes"] = peer.SentBytes,
        ["memoryBytesMax"] = peer.MemoryBytesMax,
        ["storeBytes"] = peer.StoreBytes,
    };

    private static JsonObject Contest(ContestReport report) => new()
    {
        ["about"] = report.Contest.Title,
        ["edits"] = new JsonArray([.. report.Contest.Edits.Select(static edit =>
            (JsonNode)new JsonObject { ["peer"] = edit.PeerName, ["does"] = edit.Says })]),
        ["shows"] = report.Ruling.Shows,
        ["won"] = report.Ruling.Winner,
        ["lost"] = report.Ruling.Loser,
        ["rule"] = report.Ruling.Rule,
        ["asPromised"] = report.Ruling.Holds,
    };

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
