using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// What a change did to an element as a line: <c>{"dot","time","author","steps":[{"op",…,"before","after"}]}</c>; before and after are
/// left out where there is nothing, a parent is <c>{"$node"}</c> or null for the top, and a step on a set has the <c>value</c> that went in or out.
/// </summary>
internal static class HistoryJson
{
    /// <summary>Writes one, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, HistoryEntry entry)
    {
        var json = new CanonicalJson(output);
        LogJson.Text(json, "{\"dot\":"u8, $"{entry.Dot.Log}:{entry.Dot.Seq}");
        LogJson.Text(json, ",\"time\":"u8, entry.Time.ToString());
        LogJson.Text(json, ",\"author\":"u8, entry.Author);
        json.Raw(",\"steps\":["u8);
        for (var i = 0; i < entry.Steps.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ",{"u8);
            WriteOperation(json, entry.Steps[i].Operation);
            WriteValue(json, ",\"before\":"u8, entry.Steps[i].Before);
            WriteValue(json, ",\"after\":"u8, entry.Steps[i].After);
            json.Raw("}"u8);
        }

        json.Raw("]}"u8);
    }

    // What a step came from and led to stands behind it: of most operations the field alone is left to say.
    private static void WriteOperation(CanonicalJson json, Operation operation)
    {
        LogJson.Op(json, ElementOperationJson.NameOf(operation));
        switch (operation)
        {
            case Operation.SetVector set:
                json.Raw(",\"numbers\":"u8);
                json.Number(set.Vector?.Length ?? 0);
                break;
            case Operation.SetField { Field: var field }:
                LogJson.Text(json, ",\"field\":"u8, field);
                break;
            case Operation.RemoveField { Field: var field }:
                LogJson.Text(json, ",\"field\":"u8, field);
                break;
            case Operation.SetCounter { Field: var field }:
                LogJson.Text(json, ",\"field\":"u8, field);
                break;
            case Operation.AddCounter add:
                ElementOperationJson.WriteField(json, add.Field, Value.From(add.Delta));
                break;
            case Operation.AddToSet add:
                ElementOperationJson.WriteField(json, add.Field, add.Value);
                break;
            case Operation.RemoveFromSet remove:
                ElementOperationJson.WriteField(json, remove.Field, remove.Value);
                break;
            case Operation.Advisory advisory:
                ElementOperationJson.WriteCode(json, advisory);
                break;
        }
    }

    private static void WriteValue(CanonicalJson json, ReadOnlySpan<byte> name, Value? value)
    {
        if (value is { } some)
        {
            json.Raw(name);
            ValueJson.Write(json, some);
        }
    }
}
