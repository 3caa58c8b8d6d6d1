using System.Diagnostics;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Web.Json;

/// <summary>Operations on nodes and edges as <see cref="LogJson"/> shows them: their name, then their arguments.</summary>
internal static class ElementOperationJson
{
    /// <summary>What an operation is called wherever JSON shows it.</summary>
    public static string NameOf(Operation operation) => operation switch
    {
        Operation.Create => "create",
        Operation.Delete => "delete",
        Operation.SetType => "setType",
        Operation.SetVector => "setVector",
        Operation.SetField => "setField",
        Operation.RemoveField => "removeField",
        Operation.SetCounter => "setCounter",
        Operation.AddCounter => "addCounter",
        Operation.AddToSet => "addToSet",
        Operation.RemoveFromSet => "removeFromSet",
        Operation.Move => "move",
        Operation.Advisory => "advisory",
        _ => throw new UnreachableException($"No case for {operation}."),
    };

    /// <summary>Writes one up to what it is about.</summary>
    public static void Write(CanonicalJson json, Operation operation)
    {
        LogJson.Op(json, NameOf(operation));
        switch (operation)
        {
            case Operation.SetType set:
                LogJson.Text(json, ",\"type\":"u8, set.Type);
                break;
            case Operation.SetVector set:
                json.Raw(",\"vector\":"u8);
                ValueJson.Write(json, set.Vector is { } vector ? VectorJson.ToValue(vector) : Value.Null);
                break;
            case Operation.SetField set:
                WriteField(json, set.Field, set.Value);
                break;
            case Operation.RemoveField remove:
                LogJson.Text(json, ",\"field\":"u8, remove.Field);
                break;
            case Operation.SetCounter set:
                WriteField(json, set.Field, Value.From(set.Value));
                break;
            case Operation.AddCounter add:
                WriteField(json, add.Field, Value.From(add.Delta));
                WriteBase(json, add.Base);
                break;
            case Operation.AddToSet add:
                WriteField(json, add.Field, add.Value);
                break;
            case Operation.RemoveFromSet remove:
                WriteField(json, remove.Field, remove.Value);
                break;
            case Operation.Move move:
                json.Raw(",\"parent\":"u8);
                TreeJson.WriteParent(json, move.Parent);
                LogJson.Text(json, ",\"position\":"u8, move.Position.ToString());
                break;
            case Operation.Advisory advisory:
                WriteCode(json, advisory);
                break;
        }
    }

    /// <summary>Writes what an advisory says.</summary>
    public static void WriteCode(CanonicalJson json, Operation.Advisory advisory)
    {
        json.Raw(",\"code\":"u8);
        json.Number(advisory.Code);
    }

    /// <summary>Writes which field an operation is on, and what it puts or takes there.</summary>
    public static void WriteField(CanonicalJson json, string field, Value value)
    {
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
