using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// Changes as lines of JSON: <c>{"arrival":…,"dot":"log:seq","time":…,"author":…,"deps":[…],"operations":[…]}</c>, an operation
/// being an object with <c>op</c>, its arguments, and what it is about (<c>node</c>, <c>edge</c> and <c>key</c>, or nothing for the
/// space). An advisory operation that this build does not know is <c>advisory</c> with its <c>code</c>.
/// </summary>
internal static class LogJson
{
    /// <summary>Writes one change, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, LogRecord record)
    {
        var json = new CanonicalJson(output);
        json.Raw("{"u8);
        WriteParts(json, record.Arrival, record.Author, record.Change);
        json.Raw("}"u8);
    }

    /// <summary>Writes the names and values of one change, without what is around them.</summary>
    internal static void WriteParts(CanonicalJson json, long arrival, string author, Change change)
    {
        json.Raw("\"arrival\":"u8);
        json.Number(arrival);
        Text(json, ",\"dot\":"u8, $"{change.Dot.Log}:{change.Dot.Seq}");
        Text(json, ",\"time\":"u8, change.Time.ToString());
        Text(json, ",\"author\":"u8, author);
        json.Raw(",\"deps\":"u8);
        ValueJson.Write(json, Value.From([.. change.Deps.Select(static dep => Value.From($"{dep.Log}:{dep.Seq}"))]));
        json.Raw(",\"operations\":["u8);
        var first = true;
        foreach (var group in change.Groups)
        {
            foreach (var operation in group.Operations)
            {
                json.Raw(first ? "{"u8 : ",{"u8);
                Write(json, operation);
                Write(json, group.Target);
                json.Raw("}"u8);
                first = false;
            }
        }

        json.Raw("]"u8);
    }

    private static void Write(CanonicalJson json, Target target)
    {
        switch (target)
        {
            case Target.Node node:
                Text(json, ",\"node\":"u8, node.Id);
                break;
            case Target.Edge edge:
                json.Raw(",\"edge\":"u8);
                GraphJson.WriteEnds(json, edge);
                break;
        }
    }

    private static void Write(CanonicalJson json, Operation operation)
    {
        switch (operation)
        {
            case Operation.Header header:
                Op(json, "header");
                Text(json, ",\"device\":"u8, header.Author.ToString());
                Text(json, ",\"nonce\":"u8, header.Nonce.ToString());
                Text(json, ",\"name\":"u8, header.Name);
                break;
            case Operation.Genesis:
                Op(json, "genesis");
                break;
            case Operation.Invite invite:
                Op(json, "invite");
                Text(json, ",\"invitation\":"u8, invite.Invitation.ToString());
                WriteRole(json, invite.Role);
                json.Raw(",\"uses\":"u8);
                json.Number((long)Math.Min(invite.Uses, long.MaxValue));
                Text(json, ",\"expires\":"u8, Expiry(invite.ExpiresUnixMilliseconds));
                break;
            case Operation.Cancel cancel:
                Op(json, "cancel");
                Text(json, ",\"invitation\":"u8, cancel.Invitation.ToString());
                break;
            case Operation.Admit admit:
                Op(json, "admit");
                Text(json, ",\"invitation\":"u8, admit.Invitation.ToString());
                Text(json, ",\"device\":"u8, admit.Device.ToString());
                WriteRole(json, admit.Role);
                Text(json, ",\"name\":"u8, admit.Name);
                break;
            case Operation.Promote promote:
                Op(json, "promote");
                Text(json, ",\"device\":"u8, promote.Device.ToString());
                WriteRole(json, promote.Role);
                break;
            case Operation.Demote demote:
                Op(json, "demote");
                Text(json, ",\"device\":"u8, demote.Device.ToString());
                WriteRole(json, demote.Role);
                break;
            case Operation.Declare declare:
                Op(json, "declare");
                Text(json, ",\"relation\":"u8, declare.Relation);
                Text(json, ",\"cardinality\":"u8, declare.Cardinality == Cardinality.ToOne ? "to-one" : "to-many");
                break;
            case Operation.Raise raise:
                Op(json, "raise");
                json.Raw(",\"level\":"u8);
                json.Number(raise.Level);
                break;
            default:
                ElementOperationJson.Write(json, operation);
                break;
        }
    }

    /// <summary>Writes the name of an operation; its parts follow.</summary>
    internal static void Op(CanonicalJson json, string name) => Text(json, "\"op\":"u8, name);

    private static void WriteRole(CanonicalJson json, Role role) => Text(json, ",\"role\":"u8, StatusJson.NameOf(role));

    internal static void Text(CanonicalJson json, ReadOnlySpan<byte> name, string text)
    {
        json.Raw(name);
        json.Text(text);
    }

    private static string Expiry(ulong unixMilliseconds) =>
        new Instant((long)(unixMilliseconds / 1000), (int)(unixMilliseconds % 1000) * 1_000_000).ToString();
}
