namespace Replica.Bench;

/// <summary>One run of one contender.</summary>
/// <param name="Seconds">Wall time of the work.</param>
/// <param name="AllocatedBytes">Managed bytes allocated while it ran, by all threads.</param>
/// <param name="PeakResidentBytes">Highest resident size of the process while it ran; null where the system can't tell.</param>
/// <param name="FileBytes">Size of all files that it left behind.</param>
internal readonly record struct Measurement(double Seconds, long AllocatedBytes, long? PeakResidentBytes, long FileBytes)
{
    /// <summary>What else was found.</summary>
    public string? Note { get; init; }
}
