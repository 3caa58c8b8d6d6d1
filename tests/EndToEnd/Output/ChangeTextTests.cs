using System.Buffers;
using System.Text;
using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Output;
using Replica.Web.Json;
using Xunit;

namespace Replica.Tests.EndToEnd.Output;

/// <summary>A change in the log: every operation of the format has its name and its arguments there.</summary>
public sealed class ChangeTextTests
{
    private static readonly AuthorKey s_key = AuthorKey.FromBytes(new byte[Bytes32.Size]);
    private static readonly Target.Edge s_edge = new("a", "r", "b", "k");

    public static TheoryData<Operation, string> Operations => new()
    {
        { new Operation.Header(s_key, new(1), "desk"), $"header device=\"{s_key}\" name=\"desk\"" },
        { new Operation.Genesis(), "genesis" },
        {
            new Operation.Invite(s_key, Role.Writer, ulong.MaxValue, ulong.MaxValue),
            $"invite invitation=\"{s_key}\" role=\"writer\" uses=9223372036854775807 expires=\"18446744073709551.615\""
        },
        {
            new Operation.Invite(s_key, Role.Reader, 2, 1_700_000_000_000),
            $"invite invitation=\"{s_key}\" role=\"reader\" uses=2 expires=\"2023-11-14T22:13:20Z\""
        },
        { new Operation.Cancel(s_key), $"cancel invitation=\"{s_key}\"" },
        {
            new Operation.Admit(s_key, s_key, Role.Reader, "phone", new(new byte[64])),
            $"admit invitation=\"{s_key}\" device=\"{s_key}\" role=\"reader\" name=\"phone\""
        },
        { new Operation.Promote(s_key, Role.Admin), $"promote device=\"{s_key}\" role=\"admin\"" },
        { new Operation.Demote(s_key, Role.Reader), $"demote device=\"{s_key}\" role=\"reader\"" },
        { new Operation.Declare("r", Cardinality.ToMany), "declare relation=\"r\" cardinality=\"to-many\"" },
        { new Operation.Raise(int.MaxValue), "raise level=2147483647" },
        { new Operation.Create(), "create a -r-> b [k]" },
        { new Operation.Delete(), "delete a -r-> b [k]" },
        { new Operation.SetType("t"), "setType n type=\"t\"" },
        { new Operation.SetVector(VectorBytes.From([1f, 2f])), "setVector n of 2 numbers" },
        { new Operation.SetVector(null), "setVector n none" },
        { new Operation.SetField("f", Value.From("v")), "setField a -r-> b [k] f = \"v\"" },
        { new Operation.RemoveField("f"), "removeField a -r-> b [k] f" },
        { new Operation.SetCounter("f", long.MinValue), "setCounter a -r-> b [k] f = -9223372036854775808" },
        { new Operation.AddCounter("f", -1, null), "addCounter a -r-> b [k] f + -1 base=null" },
        { new Operation.AddCounter("f", 1, new(new(default, 7, default), 3)), "addCounter a -r-> b [k] f + 1 base=00000000:7" },
        { new Operation.AddToSet("f", Value.From(1)), "addToSet a -r-> b [k] f + 1" },
        { new Operation.RemoveFromSet("f", Value.From(1)), "removeFromSet a -r-> b [k] f - 1" },
        { new Operation.Move("p", TreePosition.FromBytes([0, 0, 0, 0, 0, 0, 0x81])), "move n parent=\"p\"" },
        { new Operation.Advisory(200), "advisory a -r-> b [k] code=200" },
    };

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_has_its_name_its_target_and_its_arguments(Operation operation, string expected)
    {
        Target target = operation switch
        {
            Operation.SetType or Operation.SetVector or Operation.Move => new Target.Node("n"),
            Operation.Header or Operation.Genesis or Operation.Invite or Operation.Cancel or Operation.Admit or Operation.Promote
                or Operation.Demote or Operation.Declare or Operation.Raise => Target.Space.Instance,
            _ => s_edge,
        };
        var json = Json(target, operation);

        Assert.Equal(["1  00000000:2  " + default(HybridTimestamp) + "  desk", "  " + expected], ChangeText.Of(json));
        using var document = JsonDocument.Parse(json);
        var written = document.RootElement.GetProperty("operations")[0];
        Assert.Equal(target is Target.Node, written.TryGetProperty("node", out _));
        Assert.Equal(target is Target.Edge, written.TryGetProperty("edge", out _));
    }

    [Fact]
    public void No_operation_of_the_format_is_left_out()
    {
        var shown = Operations.Select(static row => ((object[])row)[0].GetType()).ToHashSet();

        Assert.DoesNotContain(typeof(Operation).GetNestedTypes(), type => type.IsSubclassOf(typeof(Operation)) && !shown.Contains(type));
    }

    private static string Json(Target target, Operation operation)
    {
        var output = new ArrayBufferWriter<byte>();
        LogJson.Write(output, new LogRecord(1, "desk", new Change(new(default, 2), default, [], [new(target, [operation])], default)));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
