using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>The state of a home as people read it.</summary>
internal static class StatusText
{
    private const int KeyDigits = 16;

    /// <summary>Its lines.</summary>
    /// <param name="json">What the control API answered.</param>
    /// <param name="isDaemon">Whether a daemon answered; without one there are no peers to speak of.</param>
    public static IEnumerable<string> Lines(string json, bool isDaemon)
    {
        using var document = JsonDocument.Parse(json);
        var home = document.RootElement;
        yield return $"home      {Text(home, "directory")}{(Answer.Truth(home, "readOnly") ? "  (can't be written: open to be read alone)" : "")}";
        yield return $"device    {Text(home, "device")}";
        yield return $"sqlite    {Text(home, "sqlite")}";
        foreach (var notice in Answer.Items(home, "notices"))
        {
            yield return $"notice    {SafeText.Of(notice.GetString() ?? "")}";
        }

        foreach (var space in Answer.Items(home, "spaces"))
        {
            yield return $"space     {Text(space, "name")}  {Text(space, "id")}";
            yield return Answer.Truth(space, "joinPending")
                ? "          waits for a member to let this device in: replica run --connect tcp://HOST:PORT"
                : $"          {Text(space, "role")}; {Number(space, "nodes")} nodes, {Number(space, "edges")} edges, {Number(space, "changes")} changes; "
                    + $"durability {Text(space, "durability")}";
            if (space.TryGetProperty("joinFailure", out var failure))
            {
                yield return $"          not let in: {SafeText.Of(failure.GetString() ?? "")}";
            }

            if (space.TryGetProperty("backup", out var backup))
            {
                yield return BackupLine(backup);
            }

            foreach (var notice in Answer.Items(space, "notices"))
            {
                yield return $"  notice  {SafeText.Of(notice.GetString() ?? "")}";
            }

            foreach (var log in Answer.Items(space, "logs"))
            {
                yield return $"  log     {Short(Text(log, "log"))}  {Number(log, "seq"),10} changes  {Text(log, "name")}"
                    + (Answer.Truth(log, "own") ? "  (this device)" : "");
            }
        }

        if (!isDaemon)
        {
            yield return "daemon    not running: 'replica run' serves and syncs";
            yield break;
        }

        var addresses = Answer.Items(home, "listening").Select(static address => SafeText.Of(address.GetString() ?? ""));
        yield return $"daemon    {(Answer.Truth(home, "paused") ? "paused" : "running")}, listening on "
            + (string.Join(" ", addresses) is { Length: > 0 } some ? some : "nothing");
        foreach (var peer in Answer.Items(home, "peers"))
        {
            yield return $"peer      {Text(peer, "address")}  {Text(peer, "state")}  {Short(Text(peer, "device"))}  {Heard(peer)}"
                + $"in {Number(peer, "bytesIn")} B, out {Number(peer, "bytesOut")} B  {Text(peer, "detail")}".TrimEnd();
            foreach (var space in Answer.Items(peer, "spaces"))
            {
                yield return $"          {Text(space, "space")}: " + (Answer.Truth(space, "inSync")
                    ? "in sync"
                    : $"it lacks {Number(space, "peerLacks")} changes, we lack {Number(space, "weLack")}")
                    + (Answer.Truth(space, "pushing") ? "" : "; its changes come over other peers");
                foreach (var problem in Answer.Items(space, "problems"))
                {
                    yield return $"            {SafeText.Of(problem.GetString() ?? "")}";
                }
            }
        }
    }

    private static string Heard(JsonElement peer) => peer.TryGetProperty("lastHeard", out _)
        ? $"{(Answer.Truth(peer, "dialled") ? "dialled" : "accepted")}, heard at {Text(peer, "lastHeard")}  "
        : "";

    private static string BackupLine(JsonElement backup) => Text(backup, "failure") is { Length: > 0 } failure
        ? $"  backup  failed: {failure}"
        : $"  backup  {(Text(backup, "lastFile") is { Length: > 0 } file ? file : "none yet")}, next at {Text(backup, "nextAt")}";

    private static string Text(JsonElement element, string name) => SafeText.Of(Answer.Text(element, name));

    private static long Number(JsonElement element, string name) => Answer.Number(element, name);

    private static string Short(string key) => key.Length > KeyDigits ? key[..KeyDigits] : key;
}
