using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>What was declared about relations: a register of the space for each. Mutable, one owner.</summary>
public sealed class RelationFold
{
    private readonly Dictionary<string, Register> _declared = [];

    /// <summary>The relations of which one node shows one edge, ascending by UTF-8 bytes.</summary>
    public IReadOnlyList<string> ToOne(ICausalView view)
    {
        var found = _declared.Keys.Where(relation => IsToOne(relation, view)).ToArray();
        Array.Sort(found, Utf8Order.Instance);
        return found;
    }

    /// <summary>Whether one node shows one edge of the relation.</summary>
    public bool IsToOne(string relation, ICausalView view) => _declared.TryGetValue(relation, out var register)
        && register.Winner(view)?.Value?.AsInteger() == (long)Cardinality.ToOne;

    /// <summary>Merges one declaration, all that happens before it being merged already.</summary>
    public void Apply(Operation.Declare declare, Stamp stamp, ICausalView view) => _declared[declare.Relation] =
        _declared.GetValueOrDefault(declare.Relation).Apply(stamp, Value.From((long)declare.Cardinality), view);
}
