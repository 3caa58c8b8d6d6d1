namespace Replica.Crdt.Values;

/// <summary>The kinds of values a field can hold. Integers and doubles stay distinct on every path.</summary>
public enum ValueKind
{
    /// <summary>The value null, which is not the same as no value.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>A 64-bit float.</summary>
    Double,

    /// <summary>Text, kept byte for byte in UTF-8.</summary>
    String,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A point in time with nanoseconds.</summary>
    Timestamp,

    /// <summary>The id of a node.</summary>
    NodeReference,

    /// <summary>A list of values, replaced as a whole.</summary>
    Array,

    /// <summary>Values by name, replaced as a whole.</summary>
    Map,

    /// <summary>A set field as it shows: its values, ascending by their canonical bytes. It can't be written as a value.</summary>
    Set,

    /// <summary>A counter field as it is exported. It can't be written as a value.</summary>
    Counter,
}
