namespace Replica.Transport.Dialing;

/// <summary>How addresses are tried.</summary>
public sealed record DialOptions
{
    /// <summary>How much later the next direct address of a device is tried, unless the one before has failed.</summary>
    /// <remarks>Longer spares dials that were not needed; shorter finds a way past a dead address sooner.</remarks>
    public TimeSpan RaceStep { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long direct addresses are tried before a relay joins in.</summary>
    public TimeSpan RelayDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The ceiling of the first pause after all addresses of a device have failed; it doubles each time.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The highest ceiling of that pause.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The ceiling of the first pause before a direct way is looked for while a relay carries the session.</summary>
    public TimeSpan UpgradeMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an address is left alone that led back to this process.</summary>
    public TimeSpan LoopPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Dials at once, over all devices.</summary>
    public int DialsMax { get; init; } = 32;

    /// <summary>How many of them may go to addresses that announced themselves on the local network.</summary>
    /// <remarks>Anybody there can announce anything: the rest is left for addresses that were learned in better ways.</remarks>
    public int LanDialsMax { get; init; } = 24;

    /// <summary>How many of them may go to addresses that others announced on the local network.</summary>
    public int HearsayDialsMax { get; init; } = 4;

    /// <summary>How long a dial on the local network may take while others wait for their turn there.</summary>
    public TimeSpan LanTurn { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Addresses kept for one device.</summary>
    public int CandidatesPerTargetMax { get; init; } = 16;

    /// <summary>Devices, and addresses of which the device is not known, kept at once.</summary>
    public int TargetsMax { get; init; } = 4_096;
}
