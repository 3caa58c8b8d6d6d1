using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Sqlite;

/// <summary>A space in one SQLite file: the writer's connection. It opens first, closes last, and alone checkpoints.</summary>
internal sealed class SqliteEngine : IStoreEngine
{
    /// <summary>How many node numbers are remembered by id; at the limit all are forgotten.</summary>
    private const int NumbersMax = 65_536;

    private const int EntriesMax = 1 << 20;
    private const string DurabilityName = "durability";

    private readonly SqliteWriter _writer;
    private readonly ReaderPool _readers;
    private readonly Dictionary<string, long> _numbers = [];

    private static ReadOnlySpan<byte> RelaxedValue => "relaxed"u8;

    private SqliteEngine(string path, bool mayCreate, SqliteSettings settings)
    {
        _readers = new(path, settings.FileSystem, settings.IsReadOnly);
        _writer = new(path, mayCreate, settings, _readers);
        Tree = new SqliteTree(_writer, id => new(NumberOrNew(id)));
    }

    /// <summary>Opens a space file, or creates it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayCreate">Whether a missing or empty file becomes a new space.</param>
    /// <param name="settings">How; null for the product's way.</param>
    /// <exception cref="StoreException">It is no space, is newer, damaged, or can't be used.</exception>
    public static SqliteEngine Open(string path, bool mayCreate, SqliteSettings? settings = null) => new(path, mayCreate, settings ?? new());

    /// <summary>Gives durability up, for a file that is thrown away if anything happens before it is complete.</summary>
    public void DoNotFlush() => _writer.Execute("PRAGMA synchronous = OFF");

    public ITreeEngine Tree { get; }

    public StoredSpace Load()
    {
        _writer.Remember();
        var logs = new List<LogRow>();
        var load = _writer.Statement("load_logs").Reset();
        while (load.Step())
        {
            logs.Add(SqliteRows.Log(load));
        }

        var last = _writer.Statement("last_arrival").Reset();
        _ = last.Step();
        var lastArrival = last.Integer(0);
        _ = last.Reset();
        SpaceId? space = Meta("space") is { } id ? SpaceId.FromBytes(id) : null;
        BranchId? own = Meta("own_branch") is { } branch ? new(int.Parse(System.Text.Encoding.UTF8.GetString(branch))) : null;
        return new(space, own, logs, lastArrival);
    }

    public bool IsSynced { get => _writer.IsSynced; set => _writer.IsSynced = value; }

    public void Begin() => _writer.Begin();

    public void Commit() => _writer.Commit();

    public void Flush() => _writer.Flush();

    public Durability Durability => Meta(DurabilityName) is { } stored && stored.AsSpan().SequenceEqual(RelaxedValue)
        ? Durability.Relaxed
        : Durability.Full;

    public void SaveDurability(Durability durability) =>
        SaveMeta(DurabilityName, durability == Durability.Relaxed ? RelaxedValue.ToArray() : null);

    public void Rollback()
    {
        _numbers.Clear();
        _writer.Rollback();
    }

    public void Reopen()
    {
        _numbers.Clear();
        _writer.Reopen();
    }

    public void Mark() => _writer.Execute("SAVEPOINT mark");

    public void DropMark() => _writer.Execute("RELEASE mark");

    public void ReturnToMark()
    {
        _numbers.Clear();
        _writer.Execute("ROLLBACK TO mark; RELEASE mark");
    }

    public ElementRow? LoadElement(Target target)
    {
        if (target is Target.Node node)
        {
            var load = _writer.Statement("load_node").Reset().Bind(1, node.Id);
            if (!load.Step())
            {
                return null;
            }

            var row = new ElementRow(load.Integer(0) != 0, load.Text(1), load.Bytes(2), load.Bytes(3))
            {
                Vector = load.Bytes(4),
                HasConflicts = load.Integer(5) != 0,
            };
            Keep(node.Id, load.Integer(6));
            _ = load.Reset();
            return row.Clocks.IsEmpty ? null : row;
        }

        var edge = (Target.Edge)target;
        if (NumberOf(edge.From) is not { } from || NumberOf(edge.To) is not { } to)
        {
            return null;
        }

        var find = _writer.Statement("load_edge").Reset().Bind(1, from).Bind(2, edge.Relation).Bind(3, to).Bind(4, edge.Key);
        if (!find.Step())
        {
            return null;
        }

        var found = SqliteRows.Edge(find);
        _ = find.Reset();
        return found;
    }

    public Element? FindElement(Target target) => LoadElement(target) is { } row ? ElementRowCodec.Decode(row, target is Target.Edge) : null;

    public void SaveElement(Target target, Element element, ICausalView order) => SaveElement(target, ElementRowCodec.Encode(element, order));

    public void SaveElement(Target target, in ElementRow row)
    {
        switch (target)
        {
            case Target.Node node:
                SaveNode(node.Id, row);
                break;
            case Target.Edge edge:
                _writer.Statement("save_edge").Reset()
                    .Bind(1, NumberOrNew(edge.From))
                    .Bind(2, edge.Relation)
                    .Bind(3, NumberOrNew(edge.To))
                    .Bind(4, edge.Key)
                    .Bind(5, row.IsAlive ? 1 : 0)
                    .BindText(6, row.Data.Span)
                    .Bind(7, row.Clocks.Span)
                    .Bind(8, row.HasConflicts ? 1 : 0)
                    .BindLink(9, row.Link)
                    .Run();
                break;
        }
    }

    public IReadOnlyList<Target.Edge> ReadAliveEdges(string from, string relation)
    {
        var edges = new List<Target.Edge>();
        if (NumberOf(from) is { } number)
        {
            var read = _writer.Statement("alive_edges").Reset().Bind(1, number).Bind(2, relation);
            while (read.Step())
            {
                edges.Add(new(from, relation, read.Text(0), read.Text(1)));
            }
        }

        return edges;
    }

    public void SaveToOne(IReadOnlyList<string> relations)
    {
        _writer.Statement("clear_to_one").Reset().Run();
        foreach (var relation in relations)
        {
            _writer.Statement("save_to_one").Reset().Bind(1, relation).Run();
        }
    }

    public void AppendChange(in StoredChange change, bool isOnSpace)
    {
        _writer.Statement("append_change").Reset()
            .Bind(1, change.Arrival).Bind(2, change.Branch.Value).Bind(3, (long)change.Seq).Bind(4, change.Body.Span)
            .Run();
        if (isOnSpace)
        {
            _writer.Statement("append_space_change").Reset().Bind(1, change.Arrival).Run();
        }
    }

    public void AppendRun(RunRow run) => _writer.Statement("append_run").Reset()
        .Bind(1, run.FirstArrival)
        .Bind(2, run.Branch.Value)
        .Bind(3, (long)run.BaseSeq)
        .Bind(4, (long)run.LastSeq)
        .Bind(5, run.BaseHead.ToArray())
        .Bind(6, run.Head.ToArray())
        .Bind(7, run.Signature.Bytes.Span)
        .Bind(8, run.Bytes)
        .Run();

    public void AppendContext(ContextRow row)
    {
        var entries = new ArrayBufferWriter<byte>();
        var output = new MessagePackWriter(entries);
        output.Write((ulong)row.Entries.Count);
        foreach (var (branch, seq) in row.Entries)
        {
            output.Write((ulong)branch.Value);
            output.Write(seq);
        }

        _writer.Statement("append_context").Reset()
            .Bind(1, row.Branch.Value).Bind(2, (long)row.Seq).Bind(3, row.IsFull ? 1 : 0).Bind(4, entries.WrittenSpan)
            .Run();
    }

    public void SaveLog(LogRow log) => _writer.Statement("save_log").Reset()
        .Bind(1, log.Branch.Value).Bind(2, log.Log.ToArray())
        .Bind(3, log.Author.ToArray())
        .Bind(4, log.Name)
        .Bind(5, (long)log.Seq)
        .Bind(6, log.Head.ToArray())
        .Bind(7, unchecked((long)log.Time.Value))
        .Bind(8, log.Fork?.Parent.Value ?? SqliteRows.NoParent)
        .Bind(9, (long)log.BaseSeq)
        .Run();

    public void AppendBranchHead(BranchId branch, ulong seq, HeadPrefix head) => SqliteBranchHeads.Append(_writer, branch, seq, head);

    public BranchId? FindBranchHead(ulong seq, HeadPrefix head) => SqliteBranchHeads.Find(_writer, seq, head);

    public void SaveNote(string name, byte[]? note) => SaveMeta("note_" + name, note);

    public byte[]? ReadNote(string name) => Meta("note_" + name);

    public void SaveIdentity(SpaceId? space, BranchId? ownBranch)
    {
        SaveMeta("space", space?.ToArray());
        SaveMeta("own_branch", ownBranch is { } own ? System.Text.Encoding.UTF8.GetBytes(own.Value.ToString()) : null);
    }

    public IReadOnlyList<ContextRow> ReadContexts(BranchId branch, ulong seq)
    {
        var rows = new List<ContextRow>();
        var read = _writer.Statement("read_contexts").Reset().Bind(1, branch.Value).Bind(2, (long)seq);
        while (read.Step())
        {
            var input = new MessagePackReader(read.Span(3));
            var entries = new KeyValuePair<BranchId, ulong>[input.ReadInt32(EntriesMax)];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = new(new(input.ReadInt32(int.MaxValue)), input.ReadUInt64());
            }

            rows.Add(new(branch, (ulong)read.Integer(1), read.Integer(2) != 0, entries));
        }

        return rows;
    }

    public RunRow? FindRun(BranchId branch, ulong seq)
    {
        var find = _writer.Statement("find_run").Reset().Bind(1, branch.Value).Bind(2, (long)seq);
        if (!find.Step())
        {
            return null;
        }

        var run = SqliteRows.Run(find);
        _ = find.Reset();
        return run.BaseSeq < seq ? run : null;
    }

    public IReadOnlyList<StoredChange> ReadChanges(BranchId branch, ulong first, ulong last) => SqliteRows.Changes(
        _writer.Statement("read_changes").Reset().Bind(1, branch.Value).Bind(2, (long)first).Bind(3, (long)last));

    public IReadOnlyList<StoredChange> ReadSpaceChanges() => SqliteRows.Changes(_writer.Statement("read_space_changes").Reset());

    public IStoreReader OpenReader() => _readers.Open();

    public void Dispose()
    {
        // The writer closes last, or the log would stay behind.
        _ = _readers.Drain(SqliteWriter.Patience);
        _readers.Dispose();
        _writer.Dispose();
    }

    private void SaveNode(string id, in ElementRow row)
    {
        // Most nodes that are saved were loaded just before: their row is found by its number, without the index.
        var save = _numbers.TryGetValue(id, out var number)
            ? _writer.Statement("update_node").Reset().Bind(1, number)
            : _writer.Statement("save_node").Reset().Bind(1, id);
        save.Bind(2, row.Type)
            .Bind(3, row.IsAlive ? 1 : 0)
            .BindText(4, row.Data.Span)
            .Bind(5, row.Clocks.Span)
            .Bind(6, row.Vector.Span)
            .Bind(7, row.HasConflicts ? 1 : 0)
            .Run();
    }

    private long NumberOrNew(string id)
    {
        if (NumberOf(id) is { } number)
        {
            return number;
        }

        SaveNode(id, new(false, "", "{}"u8.ToArray(), default));
        return NumberOf(id)!.Value;
    }

    private long? NumberOf(string id)
    {
        if (_numbers.TryGetValue(id, out var number))
        {
            return number;
        }

        var find = _writer.Statement("node_number").Reset().Bind(1, id);
        if (!find.Step())
        {
            return null;
        }

        number = find.Integer(0);
        _ = find.Reset();
        Keep(id, number);
        return number;
    }

    private void Keep(string id, long number)
    {
        if (_numbers.Count >= NumbersMax)
        {
            _numbers.Clear();
        }

        _numbers[id] = number;
    }

    private byte[]? Meta(string name)
    {
        var load = _writer.Statement("load_meta").Reset().Bind(1, name);
        if (!load.Step())
        {
            return null;
        }

        var value = load.Bytes(0);
        _ = load.Reset();
        return value;
    }

    private void SaveMeta(string name, byte[]? value)
    {
        if (value is null)
        {
            _writer.Statement("delete_meta").Reset().Bind(1, name).Run();
        }
        else
        {
            _writer.Statement("save_meta").Reset().Bind(1, name).Bind(2, value).Run();
        }
    }
}
