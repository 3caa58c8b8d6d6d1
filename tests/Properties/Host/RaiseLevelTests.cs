using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store;
using Xunit;

namespace Replica.Tests.Properties.Host;

/// <summary>Raising the format level of a space: for admins, to a level that this build knows.</summary>
public sealed class RaiseLevelTests : IDisposable
{
    private readonly MemoryEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_level_that_is_reached_already_changes_nothing()
    {
        var ledger = Found();

        Assert.Equal(0, Write(ledger, new Mutation.RaiseLevel(1), out var change));

        Assert.Null(change);
        Assert.Equal(1, ledger.Level);
    }

    [Theory, InlineData(0), InlineData(2), InlineData(int.MaxValue)]
    public void A_level_that_this_build_does_not_know_is_refused(int level)
    {
        var ledger = Found();

        Assert.Equal("REPLICA_LEVEL_UNKNOWN", Assert.Throws<ReplicaException>(() => Write(ledger, new Mutation.RaiseLevel(level), out _)).Code);
    }

    [Fact]
    public void Only_an_admin_raises_it()
    {
        var space = new TestSpace(_engine);
        var ledger = new SpaceLedger(_engine, new SimulatedSigner(TestSpace.Writer));

        Assert.Equal("REPLICA_NOT_ADMIN", Assert.Throws<ReplicaException>(() => Write(ledger, new Mutation.RaiseLevel(1), out _)).Code);
        Assert.Equal(Role.Writer, space.Ledger.RoleOf(TestSpace.Writer));
    }

    [Fact]
    public void No_transaction_of_this_build_writes_a_level_that_it_does_not_know()
    {
        var ledger = Found();
        ledger.Begin();

        Assert.Throws<ArgumentException>(() => ledger.Transact(
            transaction => Mutations.Raise(transaction, level: 2, levelKnown: 2), ("me", new(3)), TestSpace.Now, out _));
    }

    private SpaceLedger Found()
    {
        var ledger = new SpaceLedger(_engine, new SimulatedSigner(TestSpace.Founder));
        ledger.Begin();
        _ = ledger.Found("me", new(3), TestSpace.Now);
        ledger.Commit();
        return ledger;
    }

    private static int Write(SpaceLedger ledger, Mutation mutation, out Change? change)
    {
        ledger.Begin();
        var count = ledger.Transact(transaction => Mutations.Apply(transaction, mutation), ("me", new IncarnationNonce(3)), TestSpace.Now + 10, out change);
        ledger.Commit();
        return count;
    }
}
