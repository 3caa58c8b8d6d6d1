using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Demo.Peers;

namespace Replica.PeerCli.Demo.Contests;

/// <summary>What the contests are about: nodes of the graph, each used once, and one edge apart from them.</summary>
/// <param name="Nodes">The nodes as they are before.</param>
/// <param name="Edge">The edge as it is before.</param>
internal sealed record Subjects(IReadOnlyList<Mutation.PutNode> Nodes, Mutation.LinkEdge Edge)
{
    /// <summary>How many nodes the contests need.</summary>
    public const int NodesDue = 10;

    private const int EdgesLookedAt = 200;

    /// <summary>Picks them from a peer's graph, of each type some. A graph that is too small gets some more nodes first.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="types">The types of nodes in the graph.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Subjects> PickAsync(DemoPeer peer, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        var edges = await peer.EdgesAsync(null, null, null, EdgesLookedAt, cancellationToken);
        var edge = edges.Count > 0 ? edges[edges.Count / 2] : await MakeEdgeAsync(peer, cancellationToken);
        var byType = new List<IReadOnlyList<Mutation.PutNode>>();
        foreach (var type in types)
        {
            byType.Add(await peer.NodesAsync(type, null, NodesDue + 2, cancellationToken));
        }

        var nodes = new List<Mutation.PutNode>();
        for (var place = 0; place < NodesDue + 2 && nodes.Count < NodesDue; place++)
        {
            nodes.AddRange(byType.Where(list => list.Count > place).Select(list => list[place])
                .Where(node => node.Fields.Count > 0 && node.Id != edge.Edge.From && node.Id != edge.Edge.To)
                .Take(NodesDue - nodes.Count));
        }

        while (nodes.Count < NodesDue)
        {
            var made = new Mutation.PutNode($"demo/node-{nodes.Count}", "demo", [new("name", Value.From($"node {nodes.Count} of the demo"))]);
            _ = await peer.WriteAsync([made], cancellationToken);
            nodes.Add(made);
        }

        return new(nodes, edge);
    }

    private static async Task<Mutation.LinkEdge> MakeEdgeAsync(DemoPeer peer, CancellationToken cancellationToken)
    {
        var edge = new Mutation.LinkEdge(
            new Target.Edge("demo/from", "demo-edge", "demo/to", ""), [new("name", Value.From("the demo's own edge"))], EndpointsRequired: false);
        _ = await peer.WriteAsync(
            [new Mutation.PutNode("demo/from", "demo", []), new Mutation.PutNode("demo/to", "demo", []), edge], cancellationToken);
        return edge;
    }
}
