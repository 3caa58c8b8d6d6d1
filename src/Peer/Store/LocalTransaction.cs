using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

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
    public ICausalView View => ledger;

    /// <inheritdoc/>
    public bool IsAlive(Target target) => ledger.Elements.Read(target).IsAlive;

    /// <inheritdoc/>
    public bool IsToOne(string relation) => ledger.Relations.IsToOne(relation, ledger);

    /// <inheritdoc/>
    public IReadOnlyList<Target.Edge> AliveEdges(string from, string relation) =>
        ledger.Elements.AliveEdges(from, relation, ledger.Tree.IsMarked);

    /// <inheritdoc/>
    public Element Read(Target target) => ledger.Elements.Read(target).Clone();

    /// <inheritdoc/>
    public void AddToCounter(Target target, string field, long delta)
    {
        var counter = ledger.Elements.Read(target).FieldOf(field).Counter;
        if (counter?.Base(ledger) is not { } shown)
        {
            Add(target, new Operation.AddCounter(field, delta, null));
            return;
        }

        var stamp = shown.Stamp;
        if (stamp.Branch == log.Branch && stamp.Seq > log.Seq)
        {
            // The set stands in this very change, which has no hash yet that could name it: set the sum instead.
            Add(target, new Operation.SetCounter(field, unchecked((counter.Shown(ledger) ?? 0) + delta)));
            return;
        }

        ICausalView view = ledger;
        var place = new Position(view.LogOf(stamp.Branch), stamp.Seq, view.HeadOf(stamp.Branch, stamp.Seq));
        Add(target, new Operation.AddCounter(field, delta, new(place, stamp.Index)));
    }

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
        if (operation is Operation.Move)
        {
            ledger.Tree.BeginLocal();
        }

        ledger.Merge(target, operation, Past, time, log.Author);
        _count++;
    }

    /// <inheritdoc/>
    public MoveOutcome Move(string node, string? parent, MovePlace place)
    {
        ledger.Tree.BeginLocal();
        if (ledger.Tree.IsUnderItself(node, parent))
        {
            return MoveOutcome.WouldBeUnderItself;
        }

        if (!ledger.Tree.TryFindGap(node, parent, place, out var left, out var right))
        {
            return MoveOutcome.NoSuchSibling;
        }

        Move(node, parent, left, right);
        return MoveOutcome.Moved;
    }

    /// <inheritdoc/>
    public bool TryStay(string node, string? parent)
    {
        ledger.Tree.BeginLocal();
        if (ledger.Tree.PositionUnder(node, parent) is not { } position)
        {
            return false;
        }

        Add(new Target.Node(node), new Operation.Move(parent, position));
        return true;
    }

    /// <inheritdoc/>
    public int Respace(string? parent)
    {
        ledger.Tree.BeginLocal();
        var count = 0;
        var left = default(TreePosition);
        foreach (var child in ledger.Tree.ReadPlaced(parent))
        {
            // A move is a write: it would call what was deleted back to life.
            if (IsAlive(new Target.Node(child.Id)))
            {
                left = Move(child.Id, parent, left, default);
                count++;
            }
        }

        return count;
    }

    private TreePosition Move(string node, string? parent, TreePosition left, TreePosition right)
    {
        var position = ledger.Tree.MakePosition(left, right, PositionTag.Derive(log.Log, log.Seq + 1, _count));
        Add(new Target.Node(node), new Operation.Move(parent, position));
        return position;
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
