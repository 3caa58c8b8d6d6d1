using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>The state of a home as people read it: first how it stands, then the parts.</summary>
internal static class StatusText
{
    private const int KeyDigits = 16;

    /// <summary>Its lines.</summary>
    /// <param name="json">What the control API answered.</param>
    /// <param name="isDaemon">Whether a daemon answered; without one there are no peers to speak of.</param>
    /// <param name="now">The time now, to say how long ago something was.</param>
    /// <param name="paint">The colours.</param>
    public static IEnumerable<string> Lines(string json, bool isDaemon, DateTimeOffset now, Paint paint = default)
    {
        using var document = JsonDocument.Parse(json);
        var home = document.RootElement;
        yield return Verdict(home, isDaemon, paint);
        yield return $"home      {Words.Path(Text(home, "directory"))}"
            + (Answer.Truth(home, "readOnly") ? paint.Warn("  (can't be written: open to be read alone)") : "");
        yield return $"device    {Text(home, "device")}";
        yield return $"sqlite    {Text(home, "sqlite")}";
        foreach (var line in Notices(home, "notice    ", paint).Concat(Answer.Items(home, "spaces").SelectMany(space => Space(space, paint))))
        {
            yield return line;
        }

        if (!isDaemon)
        {
            yield break;
        }

        var addresses = Answer.Items(home, "listening").Select(static address => SafeText.Of(address.GetString() ?? ""));
        yield return $"daemon    {(Answer.Truth(home, "paused") ? "paused" : "running")}, listening on "
            + (string.Join(" ", addresses) is { Length: > 0 } some ? some : "nothing");
        var names = PeerText.Names(home);
        foreach (var line in Answer.Items(home, "peers").SelectMany(peer => Peer(peer, PeerText.NameOf(peer, names), now, paint)))
        {
            yield return line;
        }
    }

    /// <summary>How it stands, in one line.</summary>
    private static string Verdict(JsonElement home, bool isDaemon, Paint paint)
    {
        var names = PeerText.Names(home);
        var peers = Answer.Items(home, "peers").Where(static peer => Answer.Text(peer, "state") == "connected").ToList();
        var behind = peers.Where(static peer => !PeerText.Sync(peer).IsGood).ToList();
        return "now       " + (
            !isDaemon ? paint.Warn("no daemon runs: 'replica run' serves and syncs")
            : Answer.Truth(home, "paused") ? paint.Warn("paused: 'replica resume' connects again")
            : Answer.Items(home, "spaces").Any(static space => Answer.Truth(space, "joinPending")) ? paint.Warn("waits for a member to let this device in")
            : peers.Count == 0 ? paint.Warn("alone: no peer is connected ('replica doctor' looks for the reason)")
            : behind.Count == 0 ? paint.Good($"in sync with {List(peers, names)}")
            : paint.Warn($"syncing with {List(behind, names)}: {PeerText.Sync(behind[0]).Text}"));
    }

    private static string List(List<JsonElement> peers, Dictionary<string, string> names) =>
        peers.Count > 5 ? Words.Count(peers.Count, "peer") : string.Join(", ", peers.Select(peer => PeerText.NameOf(peer, names)).Distinct());

    private static IEnumerable<string> Space(JsonElement space, Paint paint)
    {
        yield return $"space     {paint.Head(Text(space, "name"))}  {paint.Faint(Text(space, "id"))}";
        yield return Answer.Truth(space, "joinPending")
            ? "          waits for a member to let this device in: replica run, with --connect tcp://HOST:PORT if the ticket names no address"
            : $"          {Text(space, "role")}; {Words.Count(Number(space, "nodes"), "node")}, {Words.Count(Number(space, "edges"), "edge")}, "
                + Words.Count(Number(space, "changes"), "change")
                + (Text(space, "durability") is "full" or "" ? "" : $"; durability {Text(space, "durability")}");
        if (space.TryGetProperty("sync", out var sync) && ProgressText.Of(sync) is { } progress)
        {
            yield return paint.Warn($"          {progress}");
        }

        if (space.TryGetProperty("joinFailure", out var failure))
        {
            yield return paint.Bad($"          not let in: {SafeText.Of(failure.GetString() ?? "")}");
        }

        if (space.TryGetProperty("backup", out var backup))
        {
            yield return BackupLine(backup, paint);
        }

        foreach (var notice in Notices(space, "  notice  ", paint))
        {
            yield return notice;
        }

        // This device's own first; the names of logs are chance.
        foreach (var log in Answer.Items(space, "logs").OrderByDescending(static log => Answer.Truth(log, "own"))
            .ThenBy(static log => Answer.Text(log, "name"), StringComparer.Ordinal).ThenByDescending(static log => Answer.Number(log, "seq")))
        {
            yield return $"  log     {paint.Faint(Short(Text(log, "log")))}  {Words.Count(Number(log, "seq"), "change"),18}  {Text(log, "name")}"
                + (Answer.Truth(log, "own") ? "  (this device)" : "");
        }
    }

    private static IEnumerable<string> Peer(JsonElement peer, string name, DateTimeOffset now, Paint paint)
    {
        var state = Text(peer, "state");
        var heard = PeerText.Heard(peer, now);
        yield return $"peer      {paint.Name(name)}  {(state == "connected" ? paint.Good(state) : paint.Warn(state))}  {Text(peer, "address")}  "
            + paint.Faint((heard.Length == 0 ? "" : $"{(Answer.Truth(peer, "dialled") ? "dialled" : "accepted")}, heard {heard}, ")
                + $"in {Words.Size(Number(peer, "bytesIn"))}, out {Words.Size(Number(peer, "bytesOut"))}")
            + (Text(peer, "detail") is { Length: > 0 } detail ? "  " + detail : "");
        foreach (var space in Answer.Items(peer, "spaces"))
        {
            yield return $"          {Text(space, "space")}: " + (Answer.Truth(space, "inSync")
                ? paint.Good("in sync")
                : paint.Warn($"it lacks {Words.Count(Number(space, "peerLacks"), "change")}, we lack {Words.Count(Number(space, "weLack"), "change")}"))
                + (Answer.Truth(space, "pushing") ? "" : "; its changes come over other peers");
            foreach (var problem in Answer.Items(space, "problems"))
            {
                yield return paint.Bad($"            {SafeText.Of(problem.GetString() ?? "")}");
            }
        }
    }

    private static IEnumerable<string> Notices(JsonElement element, string head, Paint paint) =>
        Answer.Items(element, "notices").Select(notice => paint.Warn(head + SafeText.Of(notice.GetString() ?? "")));

    private static string BackupLine(JsonElement backup, Paint paint) => Text(backup, "failure") is { Length: > 0 } failure
        ? paint.Bad($"  backup  failed: {failure}")
        : $"  backup  {(Text(backup, "lastFile") is { Length: > 0 } file ? file : "none yet")}, next at {Text(backup, "nextAt")}";

    private static string Text(JsonElement element, string name) => SafeText.Of(Answer.Text(element, name));

    private static long Number(JsonElement element, string name) => Answer.Number(element, name);

    private static string Short(string key) => key.Length > KeyDigits ? key[..KeyDigits] : key;
}
