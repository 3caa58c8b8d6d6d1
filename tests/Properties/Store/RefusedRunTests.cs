using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>What a ledger refuses or holds: each fault has its verdict, and none leaves a trace.</summary>
public sealed class RefusedRunTests : IDisposable
{
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void A_run_behind_a_gap_is_not_taken(string kind) => With(kind, space =>
    {
        var log = space.WriterLog;
        _ = log.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)]);

        var result = space.Refuses(RunVerdict.Gap, log.Run(space.Space, log.Next(TestSpace.Now + 5, [], [TestSpace.Set("x", "f", 3)])));

        Assert.Equal(3UL, result.At.Seq);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_change_with_another_number_than_its_place_is_invalid(string kind) => With(kind, space => space.Refuses(
        RunVerdict.Invalid,
        space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)], claimedSeq: 9))));

    [Theory, MemberData(nameof(Engines))]
    public void A_change_that_calls_itself_another_logs_is_invalid(string kind) => With(kind, space => space.Refuses(
        RunVerdict.Invalid,
        space.WriterLog.Run(space.Space, space.WriterLog.Next(
            TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)], claimedLog: space.FounderLog.Log))));

    [Theory, MemberData(nameof(Engines))]
    public void A_stamp_not_after_the_previous_one_is_invalid(string kind) => With(kind, space => space.Refuses(
        RunVerdict.Invalid,
        space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 3, [], [TestSpace.Set("x", "f", 2)]))));

    [Theory, MemberData(nameof(Engines))]
    public void A_stamp_not_after_that_of_a_dep_is_invalid(string kind) => With(kind, space =>
    {
        var founder = space.FounderLog;
        space.Accepts(founder.Run(space.Space, founder.Next(TestSpace.Now + 50, [], [TestSpace.Set("y", "f", 1)])));

        space.Refuses(RunVerdict.Invalid, space.WriterLog.Run(
            space.Space, space.WriterLog.Next(TestSpace.Now + 50, [founder.Tip], [TestSpace.Set("x", "f", 2)])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_dep_that_is_not_here_makes_the_run_wait(string kind) => With(kind, space =>
    {
        var founder = space.FounderLog;
        _ = founder.Next(TestSpace.Now + 4, [], [TestSpace.Set("y", "f", 1)]);

        space.Refuses(RunVerdict.DependencyMissing, space.WriterLog.Run(
            space.Space, space.WriterLog.Next(TestSpace.Now + 5, [founder.Tip], [TestSpace.Set("x", "f", 2)])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_dep_on_another_branch_makes_the_run_wait(string kind) => With(kind, space => space.Refuses(
        RunVerdict.DependencyMissing,
        space.WriterLog.Run(space.Space, space.WriterLog.Next(
            TestSpace.Now + 5, [space.FounderLog.Tip with { Head = new(42) }], [TestSpace.Set("x", "f", 2)]))));

    [Theory, MemberData(nameof(Engines))]
    public void Deps_inside_a_run_make_it_malformed(string kind) => With(kind, space =>
    {
        var first = space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)]);
        var second = space.WriterLog.Next(TestSpace.Now + 5, [space.FounderLog.Tip], [TestSpace.Set("x", "f", 3)]);

        space.Refuses(RunVerdict.Forged, space.WriterLog.Run(space.Space, first, second));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_stamp_more_than_five_minutes_ahead_is_held_until_it_is_not(string kind) => With(kind, space =>
    {
        var ahead = space.WriterLog.Next(TestSpace.Now + 300_001, [], [TestSpace.Set("x", "f", 2)]);
        var run = space.WriterLog.Run(space.Space, ahead);

        var result = space.Refuses(RunVerdict.ClockAhead, run);

        Assert.Equal(TestSpace.Now + 1, result.Until);
        space.Ledger.Begin();
        Assert.Equal(RunVerdict.Applied, space.Ledger.ApplyRun(run, result.Until!.Value).Verdict);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_stamp_of_exactly_five_minutes_ahead_is_taken(string kind) => With(kind, space =>
        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 300_000, [], [TestSpace.Set("x", "f", 2)]))));

    [Theory, MemberData(nameof(Engines))]
    public void A_binding_operation_above_the_format_level_of_its_context_is_invalid(string kind) => With(kind, space => space.Refuses(
        RunVerdict.Invalid, space.WriterLog.Run(space.Space, space.WriterLog.Next(Foreign(space, opcode: 99)))));

    [Theory, MemberData(nameof(Engines))]
    public void A_change_of_a_level_not_known_here_is_held_with_the_operations_that_need_it(string kind) => With(kind, space =>
    {
        var raise = space.FounderLog.Next(TestSpace.Now + 5, [], [OnSpace(new Operation.Raise(2))]);
        var after = space.FounderLog.Next(TestSpace.Now + 6, [], [TestSpace.Set("x", "f", 3)]);

        space.Refuses(RunVerdict.NewerVersion, space.FounderLog.Run(space.Space, raise, after));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Only_an_admin_raises_the_level(string kind) => With(kind, space =>
    {
        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 5, [], [OnSpace(new Operation.Raise(2))])));

        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 6, [], [TestSpace.Set("x", "f", 3)])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_raise_to_the_level_known_changes_nothing(string kind) => With(kind, space => space.Accepts(
        space.FounderLog.Run(space.Space, space.FounderLog.Next(TestSpace.Now + 5, [], [OnSpace(new Operation.Raise(1))]))));

    [Theory, MemberData(nameof(Engines))]
    public void An_advisory_operation_of_a_newer_version_is_kept_without_effect(string kind) => With(kind, space =>
    {
        var before = LedgerState.ToLines(space.Ledger, space.Engine);

        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(Foreign(space, opcode: 200))));

        Assert.Equal(before, LedgerState.ToLines(space.Ledger, space.Engine));
        Assert.Equal(space.WriterLog.Tip, space.Ledger.Positions().Single(p => p.Log == space.WriterLog.Log));
    });

    [Theory, MemberData(nameof(Engines))]
    public void An_advisory_operation_of_a_newer_version_is_forwarded_as_it_came(string kind) => With(kind, space =>
    {
        var bytes = Foreign(space, opcode: 255);
        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(bytes)));
        using var reader = space.Engine.OpenReader();
        var page = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
        var runs = page.Runs.Select(static paged => paged.Run).ToArray();
        using var engine = _engines.Create(kind);
        var other = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Stranger));
        other.Begin();
        other.Join(space.Space);

        Assert.All(runs, run => Assert.Equal(RunVerdict.Applied, other.ApplyRun(run, TestSpace.Now + 10_000).Verdict));

        other.Commit();
        Assert.Equal(bytes, runs.Single(run => run.Log == space.WriterLog.Log && run.LastSeq == space.WriterLog.Seq).Changes[^1].ToArray());
        Assert.Equal(LedgerState.ToLines(space.Ledger, space.Engine), LedgerState.ToLines(other, engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_change_of_a_newer_format_is_held(string kind) => With(kind, space =>
    {
        var newer = Foreign(space, opcode: 200);
        newer[1] = 2;
        space.Refuses(RunVerdict.NewerVersion, space.WriterLog.Run(space.Space, space.WriterLog.Next(newer)));
        var log = new TestLog(TestSpace.Stranger, "stranger");
        space.Refuses(RunVerdict.NewerVersion, log.Run(space.Space, log.Next([0x93, 2, 0xc0, 0xc0])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_change_of_no_format_is_invalid(string kind) => With(kind, space =>
    {
        var older = Foreign(space, opcode: 200);
        older[1] = 0;
        space.Refuses(RunVerdict.Invalid, space.WriterLog.Run(space.Space, space.WriterLog.Next(older)));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Bytes_that_are_no_change_are_invalid_when_their_author_signed_them(string kind) => With(kind, space =>
        space.Refuses(RunVerdict.Invalid, space.WriterLog.Run(space.Space, space.WriterLog.Next([0x93, 1, 2, 3]))));

    [Theory, MemberData(nameof(Engines))]
    public void A_value_over_the_limit_is_invalid(string kind) => With(kind, space =>
    {
        var bytes = new byte[ValueLimits.ValueBytesMax];

        space.Refuses(RunVerdict.Invalid, space.WriterLog.Run(space.Space, space.WriterLog.Next(Raw(space, 20, w =>
        {
            w.Write("f");
            w.Write(bytes);
        }, 2))));
    });

    [Theory, MemberData(nameof(Engines))]
    public void S7_a_reader_may_not_write(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Reader, "reader");

        space.Refuses(RunVerdict.NotAWriter, log.Run(space.Space, log.Next(TestSpace.Now + 9, [space.FounderLog.Tip], [log.HeaderGroup])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void S7_a_stranger_may_not_write_even_what_would_make_it_a_member(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Stranger, "stranger");

        space.Refuses(RunVerdict.NotAWriter, log.Run(space.Space, log.Next(TestSpace.Now + 9, [space.FounderLog.Tip],
        [
            new(Target.Space.Instance, [log.Header, new Operation.Promote(TestSpace.Stranger, Role.Admin)]),
            TestSpace.Set("x", "f", 666),
        ])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_second_genesis_is_forged(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Stranger, "stranger");
        var genesis = log.Next(TestSpace.Now + 9, [], [new(Target.Space.Instance, [log.Header, new Operation.Genesis()])]);

        space.Refuses(RunVerdict.Forged, log.Run(space.Space, genesis));
        space.Refuses(RunVerdict.Forged, log.Run(default, genesis));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_demoted_writer_that_saw_it_may_not_write(string kind) => With(kind, space =>
    {
        var founder = space.FounderLog;
        space.Accepts(founder.Run(space.Space, founder.Next(
            TestSpace.Now + 9, [], [new(Target.Space.Instance, [new Operation.Demote(TestSpace.Writer, Role.Reader)])])));
        var unaware = space.WriterLog.Branch();

        space.Refuses(RunVerdict.NotAWriter, space.WriterLog.Run(
            space.Space, space.WriterLog.Next(TestSpace.Now + 10, [founder.Tip], [TestSpace.Set("x", "f", 2)])));
        space.Accepts(unaware.Run(space.Space, unaware.Next(TestSpace.Now + 10, [], [TestSpace.Set("x", "f", 3)])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void An_admission_under_no_valid_invitation_is_refused(string kind) => With(kind, space =>
    {
        var good = SimulatedSigner.SignAdmit(space.Space, TestSpace.Invitation, TestSpace.Stranger);
        Operation.Admit[] bad =
        [
            new(TestSpace.Invitation, TestSpace.Stranger, Role.Admin, "s", good),
            new(TestSpace.Invitation, TestSpace.Reader, Role.Writer, "s", good),
            new(TestSpace.Founder, TestSpace.Stranger, Role.Writer, "s", SimulatedSigner.SignAdmit(space.Space, TestSpace.Founder, TestSpace.Stranger)),
            new(TestSpace.Invitation, TestSpace.Stranger, Role.Writer, "s", new(new byte[64])),
        ];
        foreach (var admit in bad)
        {
            var log = space.WriterLog.Branch();
            space.Refuses(RunVerdict.BadAdmission, log.Run(space.Space, log.Next(TestSpace.Now + 9, [],
                [TestSpace.Set("x", "f", 2), new(Target.Space.Instance, [admit])])));
        }

        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 9, [], [new(Target.Space.Instance,
            [new Operation.Admit(TestSpace.Invitation, TestSpace.Stranger, Role.Writer, "s", good)])])));
        Assert.Equal(Role.Writer, space.Ledger.RoleOf(TestSpace.Stranger));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_cancelled_invitation_admits_nobody_who_saw_the_cancel(string kind) => With(kind, space =>
    {
        var founder = space.FounderLog;
        space.Accepts(founder.Run(space.Space, founder.Next(
            TestSpace.Now + 9, [], [new(Target.Space.Instance, [new Operation.Cancel(TestSpace.Invitation)])])));

        space.Refuses(RunVerdict.BadAdmission, space.WriterLog.Run(space.Space, space.WriterLog.Next(
            TestSpace.Now + 10, [founder.Tip], [new(Target.Space.Instance,
            [
                new Operation.Admit(TestSpace.Invitation, TestSpace.Stranger, Role.Writer, "s",
                    SimulatedSigner.SignAdmit(space.Space, TestSpace.Invitation, TestSpace.Stranger)),
            ])])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_signature_that_does_not_hold_is_forged(string kind) => With(kind, space =>
    {
        var run = space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)]));
        var bits = run.Signature.Bytes.ToArray();
        bits[63] ^= 1;

        space.Refuses(RunVerdict.Forged, run with { Signature = new(bits) });
        space.Refuses(RunVerdict.Forged, run with { Changes = [run.Changes[0].ToArray().Select((b, i) => i == 40 ? (byte)(b ^ 1) : b).ToArray()] });
        space.Accepts(run);
    });

    [Theory, MemberData(nameof(Engines))]
    public void The_signature_of_another_space_is_forged(string kind) => With(kind, space => space.Refuses(
        RunVerdict.Forged,
        space.WriterLog.Run(new(new(9, 9)), space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)]))));

    [Theory, MemberData(nameof(Engines))]
    public void A_log_that_its_header_does_not_name_is_forged(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Stranger, "stranger");
        var other = new TestLog(TestSpace.Writer, "other");

        space.Refuses(RunVerdict.Forged, log.Run(space.Space, log.Next(TestSpace.Now + 9, [], [other.HeaderGroup])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Bad_bytes_without_a_known_author_are_forged(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Stranger, "stranger");

        space.Refuses(RunVerdict.Forged, log.Run(space.Space, log.Next([0xc1])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_different_change_at_a_known_place_is_a_fork_only_when_it_is_signed(string kind) => With(kind, space =>
    {
        var branch = space.WriterLog.Branch();
        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)])));
        var other = branch.Run(space.Space, branch.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 3)]));

        var longer = branch.Next(TestSpace.Now + 5, [], [TestSpace.Set("x", "f", 4)]);

        space.Refuses(RunVerdict.Forged, other with { Signature = new(new byte[64]) });
        space.Refuses(RunVerdict.Gap, branch.Run(space.Space, longer));
        space.Accepts(other);
        space.Accepts(branch.Run(space.Space, longer));
        Assert.Equal(2, space.Ledger.Logs.Count(log => log.Log == branch.Log));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_known_run_is_known_and_a_longer_one_gives_its_rest(string kind) => With(kind, space =>
    {
        var log = space.WriterLog;
        var first = log.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2)]);
        var run = log.Run(space.Space, first);
        space.Accepts(run);
        space.Refuses(RunVerdict.Known, run);
        var second = log.Next(TestSpace.Now + 5, [], [TestSpace.Set("x", "f", 3)]);

        space.Accepts(log.Run(space.Space, first, second));

        Assert.Equal(4UL, space.Ledger.Positions().Single(p => p.Log == log.Log).Seq);
        space.Refuses(RunVerdict.Known, log.Run(space.Space, first, second));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_run_is_taken_whole_or_not_at_all(string kind) => With(kind, space =>
    {
        var log = space.WriterLog;
        var good = log.Next(TestSpace.Now + 4, [], [TestSpace.Set("x", "f", 2), new(new Target.Node("new"), [new Operation.Create()])]);
        var bad = log.Next(TestSpace.Now + 5, [], [new(Target.Space.Instance,
            [new Operation.Admit(TestSpace.Invitation, TestSpace.Stranger, Role.Admin, "", new(new byte[64]))])]);

        var result = space.Refuses(RunVerdict.BadAdmission, log.Run(space.Space, good, bad));

        Assert.Equal(log.Tip, result.At);
    });

    private void With(string kind, Action<TestSpace> test)
    {
        using var engine = _engines.Create(kind);
        test(new TestSpace(engine));
    }

    private static OperationGroup OnSpace(Operation operation) => new(Target.Space.Instance, [operation]);

    private static byte[] Foreign(TestSpace space, ulong opcode) => Raw(space, opcode, static w => w.Write("whatever"), 1);

    /// <summary>The next change of the writer with one operation that no encoder of ours would write.</summary>
    private static byte[] Raw(TestSpace space, ulong opcode, Action<MessagePackWriterAction> arguments, int count)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(6);
        writer.Write(1UL);
        writer.Write(space.WriterLog.Log.Value);
        writer.Write(space.WriterLog.Seq + 1);
        writer.Write(HybridTimestamp.FromUnixMilliseconds(TestSpace.Now + 4).Value);
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.Write("x");
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(count + 1);
        writer.Write(opcode);
        arguments(new(output));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A writer that may be handed to a lambda.</summary>
    private sealed class MessagePackWriterAction(ArrayBufferWriter<byte> output)
    {
        public void Write(string text) => new MessagePackWriter(output).Write(text);

        public void Write(byte[] bytes) => new MessagePackWriter(output).Write(bytes);
    }
}
