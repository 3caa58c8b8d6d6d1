using System.Buffers;
using System.Diagnostics;
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

    private static void WriteOperation(CanonicalJson json, Operation operation)
    {
        switch (operation)
        {
            case Operation.Create:
                LogJson.Op(json, "create");
                break;
            case Operation.Delete:
                LogJson.Op(json, "delete");
                break;
            case Operation.SetType:
                LogJson.Op(json, "setType");
                break;
            case Operation.Move:
                LogJson.Op(json, "move");
                break;
            case Operation.SetVector set:
                LogJson.Op(json, "setVector");
                json.Raw(",\"numbers\":"u8);
                json.Number(set.Vector?.Length ?? 0);
                break;
            case Operation.SetField set:
                WriteField(json, "setField", set.Field, null);
                break;
            case Operation.RemoveField remove:
                WriteField(json, "removeField", remove.Field, null);
                break;
            case Operation.SetCounter set:
                WriteField(json, "setCounter", set.Field, null);
                break;
            case Operation.AddCounter add:
                WriteField(json, "addCounter", add.Field, Value.From(add.Delta));
                break;
            case Operation.AddToSet add:
                WriteField(json, "addToSet", add.Field, add.Value);
                break;
            case Operation.RemoveFromSet remove:
                WriteField(json, "removeFromSet", remove.Field, remove.Value);
                break;
            case Operation.Advisory advisory:
                LogJson.Op(json, "advisory");
                json.Raw(",\"code\":"u8);
                json.Number(advisory.Code);
                break;
            default:
                throw new UnreachableException($"No case for {operation}.");
        }
    }

    private static void WriteField(CanonicalJson json, string op, string field, Value? value)
    {
        LogJson.Op(json, op);
        LogJson.Text(json, ",\"field\":"u8, field);
        WriteValue(json, ",\"value\":"u8, value);
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
