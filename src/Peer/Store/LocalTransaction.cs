using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>A local transaction while it is being made: each operation is merged as it is added.</summary>
internal sealed class LocalTransaction(
    SpaceLedger ledger, LogRow log, IReadOnlyList<Position> deps, VersionVector context, HybridTimestamp time) : ITransaction
{
    private readonly List<OperationGroup> _groups = [];
    private List<Operation> _open = [];
    private int _count;

    /// <summary>Whether no operation was added.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether an operation on the space was added.</summary>
    public bool IsOnSpace { get; private set; }

    /// <summary>The closed context of the change.</summary>
    public VersionVector Context => context;

    /// <inheritdoc/>
    public bool IsAlive(Target target) => ledger.Elements.Read(target).IsAlive;

    /// <inheritdoc/>
    public void Add(Target target, Operation operation)
    {
        if (_groups.Count == 0 || _groups[^1].Target != target)
        {
            _open = [];
            _groups.Add(new(target, _open));
        }

        _open.Add(operation);
        IsOnSpace |= target is Target.Space;
        ledger.Merge(target, operation, new(context, log.Branch, log.Seq + 1, _count), time, log.Author);
        _count++;
    }

    /// <summary>The change that the operations make.</summary>
    public Change ToChange() => ChangeCodec.Encode(new(log.Log, log.Seq + 1), time, deps, _groups);
}
