namespace Replica.Crdt.Changes;

/// <summary>The bounds of changes and runs in format 1.</summary>
public static class ChangeLimits
{
    /// <summary>The longest change in bytes; a longer transaction must be split.</summary>
    public const int ChangeBytesMax = 1024 * 1024;

    /// <summary>The most changes in a run.</summary>
    public const int RunChangesMax = 256;

    /// <summary>The most bytes of changes in a run.</summary>
    public const int RunBytesMax = 1024 * 1024;

    /// <summary>The most positions in the deps of a change.</summary>
    public const int DepsMax = 16_384;

    /// <summary>The most logs of a space that a new log may have in its past; those that begin at one time may be more.</summary>
    public const int LogsMax = 16_384;

    /// <summary>The format level that this build knows; changes above it wait for a newer one.</summary>
    public const int LevelKnown = 1;

    /// <summary>The greatest number of a change in its log.</summary>
    public const ulong SeqMax = long.MaxValue;
}
