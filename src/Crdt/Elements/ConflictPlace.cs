namespace Replica.Crdt.Elements;

/// <summary>What of an element is in conflict.</summary>
public enum ConflictPlace
{
    /// <summary>The type of a node.</summary>
    Type,

    /// <summary>The vector of a node.</summary>
    Vector,

    /// <summary>A field.</summary>
    Field,

    /// <summary>The one edge that a node shows of a to-one relation.</summary>
    Relation,

    /// <summary>A node's place in the tree: moves that lost because they would have put it under itself.</summary>
    Move,
}
