using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Testing.Ledgers;

namespace Replica.Tests.Properties.Store;

/// <summary>One log, written without any of the rules: what it is told to write, it writes and signs.</summary>
internal sealed class TestLog(AuthorKey author, string name, ulong nonce = 7)
{
    private readonly Dictionary<ulong, ChainHead> _heads = new() { [0] = ChainHead.Empty };

    public LogId Log { get; } = LogId.Derive(author, new(nonce));

    public Operation Header => new Operation.Header(author, new(nonce), name);

    public OperationGroup HeaderGroup => new(Target.Space.Instance, [Header]);

    public ulong Seq { get; private set; }

    public Position Tip => new(Log, Seq, _heads[Seq].Prefix);

    public Change Next(long milliseconds, Position[] deps, OperationGroup[] groups, LogId? claimedLog = null, ulong? claimedSeq = null) =>
        Keep(ChangeCodec.Encode(
            new(claimedLog ?? Log, claimedSeq ?? (Seq + 1)), HybridTimestamp.FromUnixMilliseconds(milliseconds), deps, groups));

    /// <summary>Takes any bytes as the next change.</summary>
    public Change Next(byte[] bytes) => Keep(new(new(Log, Seq + 1), default, [], [], bytes));

    /// <summary>A log that goes on from the same place without knowing of this one.</summary>
    public TestLog Branch()
    {
        var branch = new TestLog(author, name, nonce) { Seq = Seq };
        foreach (var (seq, head) in _heads)
        {
            branch._heads[seq] = head;
        }

        return branch;
    }

    /// <summary>The last changes of the log as one signed run.</summary>
    public SignedRun Run(SpaceId space, params Change[] changes)
    {
        var first = Seq - (ulong)changes.Length;
        return new(
            Log, first, _heads[first].Prefix, [.. changes.Select(static c => c.Bytes)],
            SimulatedSigner.Sign(author, space, new(Log, Seq), _heads[Seq]));
    }

    private Change Keep(Change change)
    {
        _heads[Seq + 1] = _heads[Seq].Append(change.Hash());
        Seq++;
        return change;
    }
}
