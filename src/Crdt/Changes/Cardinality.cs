namespace Replica.Crdt.Changes;

/// <summary>How many edges of a relation one node shows.</summary>
public enum Cardinality
{
    /// <summary>All of them; so it is where nothing was declared.</summary>
    ToMany = 0,

    /// <summary>One: that with the last link in stamp order. The others are conflicts.</summary>
    ToOne = 1,
}
