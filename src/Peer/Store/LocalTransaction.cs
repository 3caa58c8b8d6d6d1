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
    public AuthorKey Author => log.Author;

    /// <inheritdoc/>
    public RoleFold Roles => ledger.Roles;

    /// <inheritdoc/>
    public OperationContext Past => new(context, log.Branch, log.Seq + 1, _count);

    /// <inheritdoc/>
    public bool IsAlive(Target target) => ledger.Elements.Read(target).IsAlive;

    /// <inheritdoc/>
    public void Add(Target target, Operation operation)
    {
        if (!Fits(target, operation))
        {
            throw new ArgumentException(
                $"The operation {operation.GetType().Name} can't be about a {target.GetType().Name.ToLowerInvariant()}.", nameof(operation));
        }

        if (_groups.Count == 0 || _groups[^1].Target != target)
        {
            _open = [];
            _groups.Add(new(target, _open));
        }

        _open.Add(operation);
        IsOnSpace |= target is Target.Space;
        ledger.Merge(target, operation, Past, time, log.Author);
        _count++;
    }

    private bool Fits(Target target, Operation operation) => operation switch
    {
        Operation.Header => target is Target.Space && log.Seq == 0 && _count == 0,
        Operation.Genesis => target is Target.Space && log.Seq == 0 && _count == 1,
        Operation.Invite or Operation.Cancel or Operation.Admit or Operation.Promote or Operation.Demote
            or Operation.Declare => target is Target.Space,
        Operation.Raise raise => target is Target.Space && raise.Level is > 0 and <= ChangeLimits.LevelKnown,
        Operation.SetType or Operation.SetVector or Operation.Move => target is Target.Node,
        Operation.Create or Operation.Delete or Operation.SetField or Operation.RemoveField or Operation.SetCounter
            or Operation.AddCounter or Operation.AddToSet or Operation.RemoveFromSet => target is not Target.Space,
        _ => false,
    };

    /// <summary>The change that the operations make.</summary>
    public Change ToChange() => ChangeCodec.Encode(new(log.Log, log.Seq + 1), time, deps, _groups);
}
