using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>What a peer said about itself at one moment.</summary>
/// <param name="Nodes">Nodes that show.</param>
/// <param name="Edges">Edges that are alive.</param>
/// <param name="Changes">Changes in its store.</param>
/// <param name="IsJoinPending">Whether it still waits to be let in.</param>
/// <param name="IsPaused">Whether it keeps peers away.</param>
/// <param name="Positions">How many changes of each log it has, durably.</param>
/// <param name="Links">Its connections.</param>
internal sealed record PeerReading(
    long Nodes, long Edges, long Changes, bool IsJoinPending, bool IsPaused,
    IReadOnlyDictionary<string, long> Positions, IReadOnlyList<Link> Links)
{
    /// <summary>How many connections are up.</summary>
    public int Connections => Links.Count(static link => link.IsConnected);

    /// <summary>Reads the answer of the status endpoint.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="space">The space to look at.</param>
    public static PeerReading Parse(string json, string space)
    {
        using var document = JsonDocument.Parse(json);
        var home = document.RootElement;
        var own = Answer.Items(home, "spaces").FirstOrDefault(item => Answer.Text(item, "name") == space);
        var links = Answer.Items(home, "peers").Select(static peer => new Link(
            $"{Answer.Text(peer, "address")} {Answer.Text(peer, "device")}",
            Answer.Text(peer, "state") == "connected",
            Answer.Number(peer, "bytesOut")));
        if (own.ValueKind != JsonValueKind.Object)
        {
            return new(0, 0, 0, true, Answer.Truth(home, "paused"), new Dictionary<string, long>(), [.. links]);
        }

        return new(
            Answer.Number(own, "nodes"), Answer.Number(own, "edges"), Answer.Number(own, "changes"),
            Answer.Truth(own, "joinPending"), Answer.Truth(home, "paused"),
            Answer.Items(own, "logs").ToDictionary(static log => Answer.Text(log, "log"), static log => Answer.Number(log, "seq")),
            [.. links]);
    }

    /// <summary>Whether both have the same changes of the same logs.</summary>
    public bool IsLevelWith(PeerReading other) =>
        Positions.Count == other.Positions.Count
        && Positions.All(position => other.Positions.TryGetValue(position.Key, out var seq) && seq == position.Value);
}
