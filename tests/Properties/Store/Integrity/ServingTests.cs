using Replica.Crdt.Causality;
using Xunit;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>What is damaged on the disk does not leave the machine.</summary>
public sealed class ServingTests
{
    [Theory]
    [InlineData("UPDATE changes SET body = zeroblob(30) WHERE arrival = 12")]
    [InlineData("UPDATE changes SET body = (SELECT body FROM changes WHERE arrival = 11) WHERE arrival = 12")]
    [InlineData("DELETE FROM changes WHERE arrival = 12")]
    [InlineData("UPDATE runs SET head = zeroblob(32) WHERE first = 12")]
    public void T3_a_run_that_does_not_hash_to_its_head_is_not_served_and_the_others_are(string sql)
    {
        using var file = new SpaceFile();
        var whole = Serve(file);
        file.Sql(sql);

        var page = Serve(file);

        Assert.Empty(whole.Damaged);
        Assert.Equal(whole.Runs.Count - 1, page.Runs.Count);
        Assert.Equal(whole.Runs[11].End.Dot, Assert.Single(page.Damaged));
    }

    private static Peer.Exchange.RunPage Serve(SpaceFile file)
    {
        using var engine = file.Open();
        using var reader = engine.OpenReader();
        return reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
    }
}
