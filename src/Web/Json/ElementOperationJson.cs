using System.Diagnostics;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Web.Json;

/// <summary>Operations on nodes and edges as <see cref="LogJson"/> shows them: their name, then their arguments.</summary>
internal static class ElementOperationJson
{
    /// <summary>Writes one up to what it is about.</summary>
    public static void Write(CanonicalJson json, Operation operation)
    {
        switch (operation)
        {
            case Operation.Create:
                LogJson.Op(json, "create");
                break;
            case Operation.Delete:
                LogJson.Op(json, "delete");
                break;
            case Operation.SetType set:
                LogJson.Op(json, "setType");
                LogJson.Text(json, ",\"type\":"u8, set.Type);
                break;
            case Operation.SetVector set:
                LogJson.Op(json, "setVector");
                json.Raw(",\"vector\":"u8);
                ValueJson.Write(json, set.Vector is { } vector ? VectorJson.ToValue(vector) : Value.Null);
                break;
            case Operation.SetField set:
                WriteField(json, "setField", set.Field, set.Value);
                break;
            case Operation.RemoveField remove:
                LogJson.Op(json, "removeField");
                LogJson.Text(json, ",\"field\":"u8, remove.Field);
                break;
            case Operation.SetCounter set:
                WriteField(json, "setCounter", set.Field, Value.From(set.Value));
                break;
            case Operation.AddCounter add:
                WriteField(json, "addCounter", add.Field, Value.From(add.Delta));
                WriteBase(json, add.Base);
                break;
            case Operation.AddToSet add:
                WriteField(json, "addToSet", add.Field, add.Value);
                break;
            case Operation.RemoveFromSet remove:
                WriteField(json, "removeFromSet", remove.Field, remove.Value);
                break;
            case Operation.Move move:
                LogJson.Op(json, "move");
                json.Raw(",\"parent\":"u8);
                TreeJson.WriteParent(json, move.Parent);
                LogJson.Text(json, ",\"position\":"u8, move.Position.ToString());
                break;
            default:
                throw new UnreachableException($"No case for {operation}.");
        }
    }

    private static void WriteField(CanonicalJson json, string name, string field, Value value)
    {
        LogJson.Op(json, name);
        LogJson.Text(json, ",\"field\":"u8, field);
        json.Raw(",\"value\":"u8);
        ValueJson.Write(json, value);
    }

    /// <summary>The set that an add names: its change and its place there; null if its author knew of none.</summary>
    private static void WriteBase(CanonicalJson json, OperationPlace? place)
    {
        if (place is not { } set)
        {
            json.Raw(",\"base\":null"u8);
            return;
        }

        LogJson.Text(json, ",\"base\":"u8, $"{set.Change.Log}:{set.Change.Seq}");
        json.Raw(",\"baseIndex\":"u8);
        json.Number(set.Index);
    }
}
