namespace Replica.Testing.World;

/// <summary>How a process ends.</summary>
internal enum ProcessEnd
{
    /// <summary>It closes its store.</summary>
    InOrder,

    /// <summary>It dies; what it handed to the operating system is kept.</summary>
    Crash,

    /// <summary>The computer dies; only what was put on disk is kept.</summary>
    PowerCut,
}
