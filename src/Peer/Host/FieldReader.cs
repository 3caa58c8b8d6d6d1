using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
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
        var fields = ReadStored(target, json.Span);
        return areCountersTold && fields.Exists(static field => field.Value.Kind == ValueKind.Integer) ? TellCounters(target, fields) : fields;
    }

    private static List<KeyValuePair<string, Value>> ReadStored(Target target, ReadOnlySpan<byte> json)
    {
        try
        {
            var input = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ValueJson.DepthMax });
            _ = input.Read();
            return ValueJson.ReadPairs(ref input);
        }
        catch (Exception fault) when (fault is JsonException or EncodingException or ArgumentException)
        {
            // Nothing of ours writes such rows.
            var what = target is Target.Node node ? $"node '{node.Id}'" : $"edge {target}";
            throw new StoreException(
                StoreFault.Corrupt,
                $"The stored fields of {what} are damaged ({fault.Message}): 'replica verify' says what else is, 'replica repair' mends it.",
                fault);
        }
    }

    private List<KeyValuePair<string, Value>> TellCounters(Target target, List<KeyValuePair<string, Value>> fields)
    {
        var element = ElementRowCodec.Decode(reader.GetRow(target)!.Value, target is Target.Edge);
        return fields.ConvertAll(field => element.FieldOf(field.Key).Shown(reader.Order) is { Kind: FieldKind.Counter } counter
            ? new(field.Key, Value.CounterOf(counter.Value.AsInteger()))
            : field);
    }
}
