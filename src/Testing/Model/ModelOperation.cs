using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Model;

/// <summary>One operation with all that the fold asks about it.</summary>
internal sealed class ModelOperation(ChainedChange chained, int number, int index, Operation operation, ModelPast past)
{
    private readonly ChangeHash _hash = chained.Change.Hash();

    public Dot Dot => chained.Change.Dot;

    public int Index => index;

    public Operation Operation => operation;

    public bool IsWrite => operation is Operation.Create or Operation.SetType or Operation.SetVector { Vector: not null }
        or Operation.SetField or Operation.SetCounter or Operation.AddCounter or Operation.AddToSet or Operation.Move;

    public bool IsDelete => operation is Operation.Delete;

    /// <summary>The name of the field that it is about, or nothing.</summary>
    public string? Field => operation switch
    {
        Operation.SetField set => set.Field,
        Operation.RemoveField remove => remove.Field,
        Operation.SetCounter set => set.Field,
        Operation.AddCounter add => add.Field,
        Operation.AddToSet add => add.Field,
        Operation.RemoveFromSet remove => remove.Field,
        _ => null,
    };

    /// <summary>Whether a place in bytes names this operation.</summary>
    public bool IsAt(OperationPlace place) => place == new OperationPlace(chained.Place, index);

    /// <summary>Whether this operation happens before the other.</summary>
    public bool IsBefore(ModelOperation other) =>
        Place == other.Place ? Index < other.Index : other.Knows(number);

    /// <summary>Whether neither happens before the other.</summary>
    public bool IsConcurrent(ModelOperation other) => this != other && !IsBefore(other) && !other.IsBefore(this);

    /// <summary>Stamp order: time, log, change hash, index.</summary>
    public int CompareStamp(ModelOperation other)
    {
        (ulong, UInt128, ChangeHash, int) mine = (Time, Dot.Log.Value, _hash, Index);
        return mine.CompareTo((other.Time, other.Dot.Log.Value, other._hash, other.Index));
    }

    private ulong Time => chained.Change.Time.Value;

    private Position Place => chained.Place;

    private bool Knows(int change) => past.Contains(change);
}
