using Replica.Crdt.Causality;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Sqlite;

/// <summary>The tree of a snapshot in SQLite.</summary>
internal sealed class SqliteTreeReader(SqliteConnectionHandle connection, ICausalView order) : ITreeReader
{
    public ICausalView Order => order;

    public NodePlace? FindPlace(string id)
    {
        var find = connection.Statement("find_place").Reset().Bind(1, id);
        if (!find.Step())
        {
            return null;
        }

        var place = new NodePlace(find.Integer(0) == 0 ? null : find.Text(1), find.Integer(2) != 0);
        _ = find.Reset();
        return place;
    }

    public List<SiblingRow> ReadAlive(string? parent)
    {
        var number = 0L;
        if (parent is not null)
        {
            var find = connection.Statement("node_number").Reset().Bind(1, parent);
            if (!find.Step())
            {
                return [];
            }

            number = find.Integer(0);
            _ = find.Reset();
        }

        return SqliteTree.ReadSiblings(connection.Statement("read_alive_placed").Reset().Bind(1, number));
    }

    public IEnumerable<KeyValuePair<string, string>> ReadCutOff()
    {
        using var read = connection.Prepare(SqlText.Statement("read_cut_off"));
        while (read.Step())
        {
            yield return new(read.Text(0), read.Text(1));
        }
    }

    public IEnumerable<SkippedRow> ReadSkipped(string? id)
    {
        using var read = connection.Prepare(SqlText.Statement(id is null ? "read_skipped" : "read_skipped_of"));
        if (id is not null)
        {
            _ = read.Bind(1, id);
        }

        while (read.Step())
        {
            var stamp = read.Stamp(2);

            // A node that is nowhere has nulls here, which read as zero; numbers of changes begin at 1.
            if (read.Integer(8) == 0)
            {
                yield return new(read.Text(0), read.Text(1), stamp, null);
            }
            else if (StampOrder.Compare(stamp, read.Stamp(6), order) > 0)
            {
                var parent = read.Integer(10) == 0 ? null : read.Text(11);
                yield return new(read.Text(0), read.Text(1), stamp, (parent, read.Stamp(6)));
            }
        }
    }
}
