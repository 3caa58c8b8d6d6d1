using System.IO.Pipelines;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Host;

/// <summary>All that shows as one JSON document in one form: equal replicas give equal bytes. Streamed.</summary>
internal static class CanonicalState
{
    private const int FlushBytes = 64 * 1024;

    public static async Task WriteAsync(IStoreReader reader, PipeWriter output, CancellationToken cancellationToken)
    {
        Raw(output, "{\"edges\":["u8);
        var isFirst = true;
        foreach (var edge in reader.ReadEdges(null, null))
        {
            WriteEdge(output, edge, isFirst);
            isFirst = false;
            await FlushAsync(output, cancellationToken);
        }

        Raw(output, "],\"nodes\":{"u8);
        isFirst = true;
        foreach (var node in reader.ReadNodes(null, null))
        {
            WriteNode(output, node, isFirst);
            isFirst = false;
            await FlushAsync(output, cancellationToken);
        }

        Raw(output, "}"u8);
        isFirst = true;
        foreach (var item in TreeWalk.Below(reader.Tree, null))
        {
            WritePlace(output, item, isFirst);
            isFirst = false;
            await FlushAsync(output, cancellationToken);
        }

        // A space without a tree has no part for it.
        Raw(output, isFirst ? "}"u8 : "]}"u8);
        _ = await output.FlushAsync(cancellationToken);
    }

    private static void WriteEdge(PipeWriter output, VisibleEdge edge, bool isFirst)
    {
        var json = new CanonicalJson(output);
        json.Raw(isFirst ? "{\"fields\":"u8 : ",{\"fields\":"u8);
        json.Raw(edge.Data.Span);
        json.Raw(",\"from\":"u8);
        json.Text(edge.Edge.From);
        json.Raw(",\"key\":"u8);
        json.Text(edge.Edge.Key);
        json.Raw(",\"relation\":"u8);
        json.Text(edge.Edge.Relation);
        json.Raw(",\"to\":"u8);
        json.Text(edge.Edge.To);
        json.Raw("}"u8);
    }

    private static void WriteNode(PipeWriter output, VisibleNode node, bool isFirst)
    {
        var json = new CanonicalJson(output);
        json.Raw(isFirst ? default : ","u8);
        json.Text(node.Id);
        json.Raw(":{\"fields\":"u8);
        json.Raw(node.Data.Span);
        json.Raw(",\"type\":"u8);
        json.Text(node.Type);
        if (!node.Vector.IsEmpty)
        {
            json.Raw(",\"vector\":"u8);
            ValueJson.Write(json, Value.From(node.Vector.ToArray()));
        }

        json.Raw("}"u8);
    }

    /// <summary>Parents before children and siblings in order: the list is the tree, and the only list of it.</summary>
    private static void WritePlace(PipeWriter output, TreeItem item, bool isFirst)
    {
        var json = new CanonicalJson(output);
        json.Raw(isFirst ? ",\"tree\":[["u8 : ",["u8);
        json.Text(item.Id);
        json.Raw(","u8);
        if (item.Parent is null)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Text(item.Parent);
        }

        json.Raw("]"u8);
    }

    private static void Raw(PipeWriter output, ReadOnlySpan<byte> utf8) => new CanonicalJson(output).Raw(utf8);

    private static async ValueTask FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (output.UnflushedBytes > FlushBytes)
        {
            var result = await output.FlushAsync(cancellationToken);
            if (result.IsCompleted)
            {
                throw new OperationCanceledException("The reader of the state has left.");
            }
        }
    }
}
