namespace Replica.Crdt.Elements;

/// <summary>What kind of field shows under a name.</summary>
public enum FieldKind
{
    /// <summary>Nothing shows.</summary>
    None = 0,

    /// <summary>A register: the last value written.</summary>
    Register = 1,

    /// <summary>A counter: a 64-bit integer that is set and added to.</summary>
    Counter = 2,

    /// <summary>A set of values.</summary>
    Set = 3,
}
