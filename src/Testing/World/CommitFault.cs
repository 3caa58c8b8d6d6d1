namespace Replica.Testing.World;

/// <summary>What happens at a commit.</summary>
internal enum CommitFault
{
    /// <summary>It takes effect.</summary>
    None,

    /// <summary>It takes effect and reports a failure.</summary>
    Unknown,

    /// <summary>The process dies before it took effect.</summary>
    DiesBefore,

    /// <summary>The process dies after it took effect.</summary>
    DiesAfter,
}
