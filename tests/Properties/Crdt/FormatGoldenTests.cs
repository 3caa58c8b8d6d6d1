using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;
using Replica.Tests.Properties.Golden;
using Xunit;

namespace Replica.Tests.Properties.Crdt;

/// <summary>The bytes of format 1 on record: every operation, every kind of value, a change and a run.</summary>
public sealed class FormatGoldenTests
{
    private static readonly AuthorKey Device = new(Filled(0xd1));
    private static readonly AuthorKey Invitation = new(Filled(0x11));
    private static readonly SignatureBytes Signature = new(Enumerable.Repeat((byte)0x55, SignatureBytes.Size).ToArray());
    private static readonly IncarnationNonce Nonce = new(0x0102030405060708);

    [Fact]
    public void Every_operation_on_the_space_has_its_bytes() => AnnotatedBytes.Verify("change-space-operations", First(
    [
        new(Target.Space.Instance,
        [
            new Operation.Header(Device, Nonce, "desk"),
            new Operation.Genesis(),
            new Operation.Invite(Invitation, Role.Writer, 3, 1_700_000_000_000),
            new Operation.Cancel(Invitation),
            new Operation.Admit(Invitation, Device, Role.Reader, "phone", Signature),
            new Operation.Promote(Device, Role.Admin),
            new Operation.Demote(Device, Role.Reader),
        ]),
    ]), AnnotatedBytes.ChangeField);

    [Fact]
    public void Every_operation_on_an_element_has_its_bytes() => AnnotatedBytes.Verify("change-element-operations", Second(
    [
        new(new Target.Node("ada"),
        [
            new Operation.Create(),
            new Operation.SetType("person"),
            new Operation.SetField("born", Value.From(1815)),
            new Operation.RemoveField("died"),
            new Operation.Delete(),
        ]),
        new(new Target.Edge("ada", "knows", "charles"), [new Operation.Create(), new Operation.SetField("since", Value.From(1833))]),
        new(new Target.Node("ada"), [new Operation.Create()]),
    ]), AnnotatedBytes.ChangeField);

    [Fact]
    public void Every_operation_on_kinds_of_fields_relations_and_the_tree_has_its_bytes() => AnnotatedBytes.Verify("change-kind-operations", Second(
    [
        new(Target.Space.Instance,
        [
            new Operation.Declare("reports to", Cardinality.ToOne),
            new Operation.Declare("knows", Cardinality.ToMany),
            new Operation.Raise(1),
        ]),
        new(new Target.Node("ada"),
        [
            new Operation.SetVector(VectorBytes.From([1f, -0f, float.NaN])),
            new Operation.SetVector(null),
            new Operation.SetCounter("letters", 7),
            new Operation.AddCounter("letters", -1, null),
            new Operation.AddCounter("letters", long.MinValue, new(new(new(1), 7, new(0xaaaa)), 3)),
            new Operation.AddToSet("tongues", Value.From("en")),
            new Operation.RemoveFromSet("tongues", Value.From([Value.From(1), Value.From(1.0)])),
            new Operation.Move("engines", TreePosition.FromBytes([0, 1, 2, 3, 4, 5, 0x81])),
            new Operation.Move(null, TreePosition.FromBytes([5, 4, 3, 2, 1, 0, 0xc0, 0x01])),
        ]),
        new(new Target.Edge("ada", "knows", "charles", "by letter"),
        [
            new Operation.SetCounter("", long.MaxValue),
            new Operation.AddToSet("", Value.Null),
        ]),
    ]), AnnotatedBytes.ChangeField);

    [Fact]
    public void Every_kind_of_value_has_its_bytes() => AnnotatedBytes.Verify("change-values", Second([new(new Target.Node("v"),
    [
        .. new[]
        {
            Value.Null, Value.From(false), Value.From(true),
            Value.From(0), Value.From(127), Value.From(128), Value.From(256), Value.From(65_536), Value.From(4_294_967_296), Value.From(long.MaxValue),
            Value.From(-1), Value.From(-32), Value.From(-33), Value.From(-129), Value.From(-32_769), Value.From(-2_147_483_649), Value.From(long.MinValue),
            Value.From(0.0), Value.From(-0.0), Value.From(1.5), Value.From(double.NaN), Value.From(double.PositiveInfinity),
            Value.From(""), Value.From("é😀"), Value.From(new string('x', 32)),
            Value.From(Array.Empty<byte>()), Value.From(new byte[] { 1, 2, 3 }),
            Value.From(new Instant(0, 0)), Value.From(new Instant(1, 1)), Value.From(new Instant(4_294_967_296, 0)),
            Value.From(new Instant(-1, 999_999_999)), Value.From(new Instant(17_179_869_184, 0)),
            Value.Reference("ada"),
            Value.From(new[] { Value.From(1), Value.Null }),
            Value.From([KeyValuePair.Create("b", Value.From(1)), KeyValuePair.Create("a", Value.From(Array.Empty<Value>()))]),
        }.Select(value => new Operation.SetField("", value)),
    ])]), AnnotatedBytes.ChangeField);

    [Fact]
    public void A_change_with_deps_has_its_bytes() => AnnotatedBytes.Verify("change-deps", ChangeCodec.Encode(
        new(LogId.Derive(Device, Nonce), 300),
        new(0x018b_cfe5_6800_0001),
        [new(new(1), 7, new(0xaaaa)), new(new(2), 65_536, new(0xbbbb))],
        [new(new Target.Node("ada"), [new Operation.Create()])]).Bytes, AnnotatedBytes.ChangeField);

    [Fact]
    public void A_run_and_its_chain_have_their_bytes()
    {
        var first = Change([new(Target.Space.Instance, [new Operation.Header(Device, Nonce, "desk"), new Operation.Genesis()])], 1);
        var second = Change([new(new Target.Node("ada"), [new Operation.Create()])], 2);
        var third = Change([new(new Target.Node("ada"), [new Operation.Delete()])], 3);
        var one = ChainHead.Empty.Append(first.Hash());
        var output = new ArrayBufferWriter<byte>();

        SignedRunCodec.Write(new(output), new(first.Dot.Log, 1, one.Prefix, [second.Bytes, third.Bytes], Signature));

        AnnotatedBytes.Verify("run", output.WrittenMemory, AnnotatedBytes.RunField);
        var three = one.Append(second.Hash()).Append(third.Hash());
        GoldenFile.Verify("chain", [.. first.Dot.Log.ToArray(), .. first.Hash().ToArray(), .. one.ToArray(), .. three.ToArray()],
            (16, "log: first 16 bytes of SHA-256(\"replica/log/1\" 00, device key 32 times d1, nonce 0102030405060708)"),
            (32, "hash of the log's first change, which is the space's name"),
            (32, "chain head after change 1"),
            (32, "chain head after change 3: the run's signature is over this one"));
    }

    private static Bytes32 Filled(byte value) => Bytes32.FromBytes(Enumerable.Repeat(value, Bytes32.Size).ToArray());

    private static ReadOnlyMemory<byte> First(OperationGroup[] groups) => Change(groups, 1).Bytes;

    private static ReadOnlyMemory<byte> Second(OperationGroup[] groups) => Change(groups, 2).Bytes;

    private static Change Change(OperationGroup[] groups, ulong seq)
    {
        var change = ChangeCodec.Encode(new(LogId.Derive(Device, Nonce), seq), HybridTimestamp.FromUnixMilliseconds(1_700_000_000_000), [], groups);
        Assert.Equal(change.Bytes, Encode(ChangeCodec.Decode(change.Bytes)));
        return change;
    }

    private static byte[] Encode(Change change) => ChangeCodec.Encode(change.Dot, change.Time, change.Deps, change.Groups).Bytes.ToArray();
}
