namespace Replica.Testing.World;

/// <summary>What may go wrong in a simulated world.</summary>
public enum SimulationFault
{
    /// <summary>A message is lost.</summary>
    Loss,

    /// <summary>A message arrives twice.</summary>
    Duplicate,

    /// <summary>A message takes long, so that later ones come before it; on a connection all behind it wait.</summary>
    Delay,

    /// <summary>Bytes are changed, cut off or repeated on their way.</summary>
    Corruption,

    /// <summary>A connection is cut; what was under way is lost.</summary>
    Cut,

    /// <summary>The network is split in two.</summary>
    Partition,

    /// <summary>One peer is not heard by another, which it hears.</summary>
    OneWay,

    /// <summary>A connection stands still in one direction for a while.</summary>
    Clog,

    /// <summary>The connections of some peers stand still one after the other and go on in another order.</summary>
    Swizzle,

    /// <summary>A peer is stopped in good order and started again.</summary>
    Restart,

    /// <summary>A peer's process dies between two steps and is started again later.</summary>
    Crash,

    /// <summary>A peer loses its power: what was not on disk is gone, acknowledged or not.</summary>
    PowerCut,

    /// <summary>A backup of a peer is put back in place of what it wrote since.</summary>
    Backup,

    /// <summary>A peer is lost and replaced by a copy of another one, which runs on with the same key.</summary>
    Clone,

    /// <summary>A peer's process dies inside a commit, before or after it took effect.</summary>
    CrashInCommit,

    /// <summary>A peer's disk is full for a while: the n-th write and all behind it fail.</summary>
    DiskFull,

    /// <summary>A peer's disk can be neither read nor written for a while.</summary>
    DiskError,

    /// <summary>A commit reports a failure though it took effect.</summary>
    CommitUnknown,

    /// <summary>A peer's clock jumps, back to 1970 or ahead.</summary>
    ClockJump,

    /// <summary>A peer's clock runs too fast or too slow.</summary>
    ClockDrift,

    /// <summary>A peer's clock is so far ahead that the others hold back what it writes.</summary>
    ClockAhead,

    /// <summary>A member loses the right to write and gets it back.</summary>
    Churn,

    /// <summary>A member sends mutated, replayed and made-up messages.</summary>
    Hostile,

    /// <summary>A member signs changes that nobody can take, in the middle of its log.</summary>
    Poison,

    /// <summary>A member signs two histories of one log and shows them to different peers.</summary>
    Equivocation,
}
