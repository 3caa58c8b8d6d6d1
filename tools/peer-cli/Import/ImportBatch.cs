using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.PeerCli.Import;

/// <summary>One transaction in the making: lines as the body of a request.</summary>
internal sealed class ImportBatch
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>How many lines it holds.</summary>
    public int Lines { get; private set; }

    /// <summary>How many nodes they put.</summary>
    public int Nodes { get; private set; }

    /// <summary>How many edges they put.</summary>
    public int Edges { get; private set; }

    /// <summary>The first of its lines.</summary>
    public long FirstLine { get; private set; }

    /// <summary>The last of its lines.</summary>
    public long LastLine { get; private set; }

    /// <summary>How many bytes the body has so far.</summary>
    public int Bytes => _body.WrittenCount;

    /// <summary>Adds a line.</summary>
    public void Add(ImportItem item)
    {
        var json = new CanonicalJson(_body);
        foreach (var mutation in item.Mutations)
        {
            json.Raw(_body.WrittenCount == 0 ? "{\"mutations\":["u8 : ","u8);
            MutationJson.Write(json, mutation);
            Nodes += mutation is Mutation.PutNode ? 1 : 0;
            Edges += mutation is Mutation.LinkEdge ? 1 : 0;
        }

        FirstLine = Lines == 0 ? item.Line : FirstLine;
        LastLine = item.Line;
        Lines++;
    }

    /// <summary>The whole body; nothing can be added afterwards until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _body.Write("]}"u8);
        return _body.WrittenMemory;
    }

    /// <summary>Makes it empty again; its memory is kept.</summary>
    public void Clear()
    {
        _body.ResetWrittenCount();
        (Lines, Nodes, Edges) = (0, 0, 0);
    }
}
