namespace Replica.Bench;

/// <summary>All measured runs of one contender, and what they come to.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Runs">In the order of the rounds; the warm-up is not among them.</param>
/// <param name="Ratios">Its time over that of the row's first contender in the same round.</param>
internal sealed record ContenderResult(string Name, IReadOnlyList<Measurement> Runs, IReadOnlyList<double> Ratios)
{
    /// <summary>Median time in seconds.</summary>
    public double MedianSeconds => Median(Runs.Select(run => run.Seconds));

    /// <summary>Shortest time in seconds.</summary>
    public double MinSeconds => Runs.Min(run => run.Seconds);

    /// <summary>Longest time in seconds.</summary>
    public double MaxSeconds => Runs.Max(run => run.Seconds);

    /// <summary>Median of the pairwise ratios: drift of the computer strikes both halves of a pair alike.</summary>
    public double MedianRatio => Median(Ratios);

    /// <summary>Median of the managed bytes allocated.</summary>
    public double MedianAllocatedBytes => Median(Runs.Select(run => (double)run.AllocatedBytes));

    /// <summary>Median size of the files left behind.</summary>
    public double MedianFileBytes => Median(Runs.Select(run => (double)run.FileBytes));

    /// <summary>Highest resident size of any run.</summary>
    public long? PeakResidentBytes => Runs.Max(run => run.PeakResidentBytes);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
