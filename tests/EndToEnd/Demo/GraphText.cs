using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Tests.EndToEnd.Demo;

/// <summary>Mutations as short lines, so that a test can show a graph.</summary>
internal static class GraphText
{
    public static string[] Of(IEnumerable<Mutation> graph) => [.. graph.Select(Of)];

    private static string Of(Mutation mutation) => mutation switch
    {
        Mutation.PutNode node => $"{node.Id} ({node.Type}) {Fields(node.Fields)}".TrimEnd(),
        Mutation.LinkEdge link => $"{link.Edge.From} -{link.Edge.Relation}-> {link.Edge.To} {Fields(link.Fields)}".TrimEnd(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Fields(IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        string.Join(' ', fields.Select(static field => $"{field.Key}={field.Value}"));
}
