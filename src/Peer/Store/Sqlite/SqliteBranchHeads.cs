using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Sqlite;

/// <summary>The chain heads at the changes of branches that left an older chain: the way from a place to its branch.</summary>
internal static class SqliteBranchHeads
{
    /// <summary>Keeps one.</summary>
    public static void Append(SqliteWriter writer, BranchId branch, ulong seq, HeadPrefix head) =>
        writer.Statement("append_branch_head").Reset().Bind(1, BytesOf(head)).Bind(2, (long)seq).Bind(3, branch.Value).Run();

    /// <summary>Finds one.</summary>
    public static BranchId? Find(SqliteWriter writer, ulong seq, HeadPrefix head)
    {
        var find = writer.Statement("find_branch_head").Reset().Bind(1, BytesOf(head)).Bind(2, (long)seq);
        if (!find.Step())
        {
            return null;
        }

        var branch = new BranchId((int)find.Integer(0));
        _ = find.Reset();
        return branch;
    }

    private static byte[] BytesOf(HeadPrefix head)
    {
        var bytes = new byte[HeadPrefix.Size];
        head.CopyTo(bytes);
        return bytes;
    }
}
