namespace Replica.Crdt.Values;

/// <summary>The bounds of values and names in format 1.</summary>
public static class ValueLimits
{
    /// <summary>The longest value, in bytes of its canonical MessagePack form.</summary>
    public const int ValueBytesMax = 256 * 1024;

    /// <summary>How deep arrays and maps may nest; the outermost is level 1.</summary>
    public const int LevelsMax = 32;

    /// <summary>The longest node id in UTF-8 bytes; the shortest has 1.</summary>
    public const int IdBytesMax = 256;

    /// <summary>The longest relation, edge key, type or field name in UTF-8 bytes; the empty one is allowed.</summary>
    public const int NameBytesMax = 256;
}
