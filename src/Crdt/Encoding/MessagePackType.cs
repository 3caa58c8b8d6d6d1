namespace Replica.Crdt.Encoding;

/// <summary>The kind of the next MessagePack item.</summary>
public enum MessagePackType
{
    /// <summary>The absent value.</summary>
    Nil,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An integer of either sign.</summary>
    Integer,

    /// <summary>A 64-bit binary floating-point number.</summary>
    Float,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>The head of an array.</summary>
    Array,

    /// <summary>The head of a map.</summary>
    Map,

    /// <summary>An extension: a type number and bytes.</summary>
    Extension,
}
