using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>A space with a founder, as a receiving ledger sees it, and the means to write whatever a liar would.</summary>
internal sealed class TestSpace
{
    public const long Now = 1_700_000_000_000;

    public static readonly AuthorKey Founder = new(new(1, 0));
    public static readonly AuthorKey Writer = new(new(2, 0));
    public static readonly AuthorKey Reader = new(new(3, 0));
    public static readonly AuthorKey Invitation = new(new(4, 0));
    public static readonly AuthorKey Stranger = new(new(5, 0));

    public TestSpace(IStoreEngine engine)
    {
        Engine = engine;
        FounderLog = new TestLog(Founder, "founder");
        WriterLog = new TestLog(Writer, "writer");
        var genesis = FounderLog.Next(Now, [], [new(Target.Space.Instance, [FounderLog.Header, new Operation.Genesis()])]);
        Space = new(genesis.Hash().Value);
        Ledger = new(engine, new SimulatedSigner(Stranger));
        Ledger.Begin();
        Ledger.Join(Space);
        Expect(RunVerdict.Applied, FounderLog.Run(default, genesis));
        var roles = FounderLog.Next(Now + 1, [], [new(Target.Space.Instance,
        [
            new Operation.Promote(Writer, Role.Writer),
            new Operation.Promote(Reader, Role.Reader),
            new Operation.Invite(Invitation, Role.Writer, 1, ulong.MaxValue),
        ])]);
        Expect(RunVerdict.Applied, FounderLog.Run(Space, roles));
        Expect(RunVerdict.Applied, WriterLog.Run(Space, WriterLog.Next(Now + 2, [FounderLog.Tip], [WriterLog.HeaderGroup])));
        Expect(RunVerdict.Applied, WriterLog.Run(Space, WriterLog.Next(Now + 3, [], [Set("x", "f", 1)])));
        Ledger.Commit();
    }

    public IStoreEngine Engine { get; }

    public SpaceLedger Ledger { get; }

    public SpaceId Space { get; }

    public TestLog FounderLog { get; }

    public TestLog WriterLog { get; }

    public static OperationGroup Set(string node, string field, long value) =>
        new(new Target.Node(node), [new Operation.SetField(field, Value.From(value))]);

    /// <summary>Everything a ledger could have changed: what shows, conflicts, positions, roles, clock, arrivals.</summary>
    public string Everything() => string.Join('\n',
    [
        .. LedgerState.ToLines(Ledger, Engine),
        .. Ledger.Positions().Select(static p => p.ToString()),
        .. Ledger.Logs.Select(static log => log.ToString()),
        .. new[] { Founder, Writer, Reader, Stranger, Invitation }.Select(key => Ledger.RoleOf(key).ToString()),
        .. Ledger.Roles.Invitations.Select(static i => $"{i.Key} {i.Value.Invites.Count} {i.Value.IsCancelled} {i.Value.Admitted.Count}"),
        $"clock {Ledger.Clock.Last} arrivals {Ledger.LastArrival} roles {Ledger.Roles.Devices.Count}",
    ]);

    public RunResult Expect(RunVerdict verdict, SignedRun run)
    {
        var result = Ledger.ApplyRun(run, Now);
        Assert.True(result.Verdict == verdict, $"{verdict} was due: {result}");
        return result;
    }

    /// <summary>The run gets this verdict and leaves no trace: not in the transaction, not after it, not after a restart.</summary>
    public RunResult Refuses(RunVerdict verdict, SignedRun run)
    {
        var before = Everything();
        Ledger.Begin();

        var result = Expect(verdict, run);

        Ledger.Commit();
        Assert.Equal(before, Everything());
        Assert.Equal(run.Log, result.At.Log);
        Assert.Equal(Ledger.Positions(), new SpaceLedger(Engine, Ledger.Identity).Positions());
        return result;
    }

    public void Accepts(SignedRun run)
    {
        Ledger.Begin();
        Expect(RunVerdict.Applied, run);
        Ledger.Commit();
    }
}
