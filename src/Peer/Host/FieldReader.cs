using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>Reads the fields of stored nodes and edges.</summary>
/// <param name="reader">The snapshot they are from.</param>
/// <param name="areCountersTold">Whether a counter comes as one, and not as the integer that it shows.</param>
internal sealed class FieldReader(IStoreReader reader, bool areCountersTold = false)
{
    /// <summary>The fields of a node or edge.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="json">Its fields as they rest.</param>
    public IReadOnlyList<KeyValuePair<string, Value>> Read(Target target, ReadOnlyMemory<byte> json)
    {
        var input = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = ValueJson.DepthMax });
        _ = input.Read();
        var fields = ValueJson.ReadPairs(ref input);
        return areCountersTold && fields.Exists(static field => field.Value.Kind == ValueKind.Integer) ? TellCounters(target, fields) : fields;
    }

    private List<KeyValuePair<string, Value>> TellCounters(Target target, List<KeyValuePair<string, Value>> fields)
    {
        var element = ElementRowCodec.Decode(reader.GetRow(target)!.Value, target is Target.Edge);
        return fields.ConvertAll(field => element.FieldOf(field.Key).Shown(reader.Order) is { Kind: FieldKind.Counter } counter
            ? new(field.Key, Value.CounterOf(counter.Value.AsInteger()))
            : field);
    }
}
